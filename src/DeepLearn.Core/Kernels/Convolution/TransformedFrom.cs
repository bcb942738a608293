using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// A copy of the weights that transformed ones were made from. Predictions come with the same weights again and again; comparing them, bit
/// for bit, takes a small part of the time of transforming them, and nobody has to say when they change. Threads compare a share each.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="numbers">The number of weights; 0 to keep none, so that all weights are new ones.</param>
internal sealed unsafe class TransformedFrom<T>(int numbers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _weights = new(1, numbers);
    private T* _compared;
    private bool _differ;

    /// <summary>The number of weights that are kept.</summary>
    public int Count => _weights.Count;

    /// <summary>Whether there are weights to compare with.</summary>
    public bool IsSet { get; private set; }

    /// <summary>Whether a share of the weights was found to be another than that of the last <see cref="Set"/>.</summary>
    public bool Differ => Volatile.Read(ref _differ);

    /// <summary>Begins a comparison, which has found no difference yet.</summary>
    /// <param name="weights">The weights; they stay where they are until all shares are compared.</param>
    public void Begin(T* weights)
    {
        _compared = weights;
        _differ = false;
    }

    /// <summary>Compares a share of the weights, bit for bit. Any number of threads may do so at once.</summary>
    /// <param name="share">Which.</param>
    public void Compare(Share share)
    {
        int first = share.First(Count), count = share.End(Count) - first;
        ReadOnlySpan<byte> found = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(_compared + first, count));
        if (!found.SequenceEqual(MemoryMarshal.AsBytes(_weights.AsSpan().Slice(first, count))))
            Volatile.Write(ref _differ, true);
    }

    /// <summary>Forgets the weights, before what was made from them is written over.</summary>
    public void Clear() => IsSet = false;

    /// <summary>Keeps the weights that the transformed ones have been made from.</summary>
    public void Set(T* weights)
    {
        if (Count == 0)
            return;
        new ReadOnlySpan<T>(weights, Count).CopyTo(_weights.AsSpan());
        IsSet = true;
    }
}
