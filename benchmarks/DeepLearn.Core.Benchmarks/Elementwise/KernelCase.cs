using System.Numerics;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>One of our kernels beside something that does the same, or that moves as many bytes.</summary>
/// <typeparam name="T">The precision.</typeparam>
/// <param name="Kernel">Our kernel.</param>
/// <param name="Peer">The peer: the names of methods of <c>TensorPrimitives</c>, or <see cref="MemoryPeer"/>.</param>
/// <param name="Elements">The number of elements read or written for each element of the shape.</param>
/// <param name="Ours">Our call.</param>
/// <param name="Theirs">The peer's call.</param>
internal sealed record KernelCase<T>(
    string Kernel, string Peer, double Elements, Action<KernelOperands<T>> Ours, Action<KernelOperands<T>> Theirs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The peer of kernels that <c>TensorPrimitives</c> does not have.</summary>
    public const string MemoryPeer = Ratios.KernelRatio.Memory;

    /// <summary>The shapes. Default: <see cref="KernelCases.Shapes"/>.</summary>
    public IReadOnlyList<(int Rows, int Columns)> Shapes { get; init; } = KernelCases.Shapes;

    /// <summary>The largest difference between our result and the peer's, relative to the greater of 1 and the result; NaN where the peer
    /// does something else.</summary>
    public double Tolerance { get; init; } = typeof(T) == typeof(float) ? 1e-5 : 1e-13;

    /// <summary>Whether all words of a filter occur in the kernel's name, the peer's or the shape.</summary>
    public bool Matches(string filter, int rows, int columns)
    {
        string text = $"{Kernel} {Peer} {rows * columns} {rows}x{columns}";
        return filter.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
