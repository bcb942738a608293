using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>The kernels that <c>ratios elementwise</c> and <see cref="KernelBenchmarks{T}"/> measure.</summary>
internal static partial class KernelCases
{
    /// <summary>Rows and columns: a hundred elements, then sizes for the L1 cache, the L2 cache and memory.</summary>
    public static IReadOnlyList<(int Rows, int Columns)> Shapes { get; } = [(10, 10), (20, 50), (100, 1_000), (2_000, 4_000)];

    /// <summary>The number of elements from which the data is in memory.</summary>
    public const int InMemory = 8_000_000;

    private static RandomKey Key { get; } = RandomKey.FromSeed(1);

    /// <summary>All kernels of a precision.</summary>
    public static IReadOnlyList<KernelCase<T>> All<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Functions<T>(), .. Arithmetics<T>(), .. Reductions<T>(), .. Rows<T>(), .. Updates<T>(), .. Columns<T>()];

    private static IEnumerable<KernelCase<T>> Functions<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new("exp", "Exp", 2, o => Transcendentals.Exp<T>(X(o), Own(o)), o => TensorPrimitives.Exp<T>(X(o), Peer(o))),
        new("log", "Log", 2, o => Transcendentals.Log<T>(Y(o), Own(o)), o => TensorPrimitives.Log<T>(Y(o), Peer(o))),
        new("tanh", "Tanh", 2, o => Transcendentals.Tanh<T>(X(o), Own(o)), o => TensorPrimitives.Tanh<T>(X(o), Peer(o))),
        new("sigmoid", "Sigmoid", 2, o => Transcendentals.Sigmoid<T>(X(o), Own(o)), o => TensorPrimitives.Sigmoid<T>(X(o), Peer(o))),
        Memory<T>("erf", 2, o => Transcendentals.Erf<T>(X(o), Own(o)), Copy),
        Memory<T>("softplus", 2, o => Transcendentals.Softplus<T>(X(o), Own(o)), Copy),
        Memory<T>("gelu", 2, o => Activations.Gelu<T>(X(o), Own(o)), Copy),
        Memory<T>("gelu backward", 3, o => Activations.GeluBackward<T>(X(o), Y(o), Own(o)), ReadAndCopy),
    ];

    private static IEnumerable<KernelCase<T>> Arithmetics<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new("add", "Add", 3, o => Arithmetic.Add<T>(X(o), Y(o), Own(o)), o => TensorPrimitives.Add<T>(X(o), Y(o), Peer(o))),
        new(
            "add, then sum", "Add, Sum", 4,
            o =>
            {
                Arithmetic.Add<T>(X(o), Y(o), Own(o));
                Own(o)[0] = Reduce.Sum<T>(Own(o));
            },
            o =>
            {
                TensorPrimitives.Add<T>(X(o), Y(o), Peer(o));
                Peer(o)[0] = TensorPrimitives.Sum<T>(Peer(o));
            }) { Tolerance = Loose<T>() },
        new(
            "multiply",
            "Multiply",
            3,
            o => Arithmetic.Multiply<T>(X(o), Y(o), Own(o)),
            o => TensorPrimitives.Multiply<T>(X(o), Y(o), Peer(o))),
        new(
            "scale",
            "Multiply",
            2,
            o => Arithmetic.Scale(X(o), Third<T>(), Own(o)),
            o => TensorPrimitives.Multiply(X(o), Third<T>(), Peer(o))),
        new(
            "multiply-add", "FusedMultiplyAdd", 4,
            o => Arithmetic.MultiplyAdd<T>(X(o), Y(o), Y(o), Own(o)), o => TensorPrimitives.FusedMultiplyAdd<T>(X(o), Y(o), Y(o), Peer(o))),
        new(
            "axpy", "FusedMultiplyAdd", 3,
            o => Arithmetic.AddScaled(X(o), Small<T>(), Own(o)),
            o => TensorPrimitives.FusedMultiplyAdd(X(o), Small<T>(), Peer(o), Peer(o))),
        new("relu", "Max", 2, o => Activations.Relu<T>(X(o), Own(o)), o => TensorPrimitives.Max(X(o), T.Zero, Peer(o))),
        Memory<T>("relu backward", 3, o => Activations.ReluBackward<T>(X(o), Y(o), Own(o)), ReadAndCopy),
        Memory<T>(
            "bytes", 1 + (1.0 / Size<T>()),
            o => ByteConversion.Convert(o.Bytes, Third<T>(), Third<T>(), Own(o)),
            o =>
            {
                int half = (o.Count / 2) + (o.Count / (2 * Size<T>()));
                MemoryTraffic.Copy<T>(X(o)[..half], Own(o)[..half]);
            }),
        Memory<T>(
            "bytes per feature", 3 + (1.0 / Size<T>()),
            o => ByteConversion.Convert(o.Bytes, X(o), Y(o), Own(o)),
            o =>
            {
                MemoryTraffic.Read(Y(o)[..(o.Count / Size<T>())]);
                ReadAndCopy(o);
            }),
        Memory<T>("dropout", 2, o => Dropout.Apply(Key, 0, 0.5, X(o), Own(o)), Copy),
    ];

    private static IEnumerable<KernelCase<T>> Reductions<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        Number<T>("sum", "Sum", 1, o => Reduce.Sum<T>(Y(o)), o => TensorPrimitives.Sum<T>(Y(o))),
        Number<T>("sum of squares", "SumOfSquares", 1, o => Reduce.SumOfSquares<T>(Y(o)), o => TensorPrimitives.SumOfSquares<T>(Y(o))),
        Number<T>("norm", "Norm", 1, o => Reduce.Norm<T>(Y(o)), o => TensorPrimitives.Norm<T>(Y(o))),
        Number<T>("dot", "Dot", 2, o => Reduce.Dot<T>(Y(o), Y(o)), o => TensorPrimitives.Dot<T>(Y(o), Y(o))),
        Number<T>(
            "mean and variance", "Average, StdDev", 1,
            o => Reduce.MeanAndVariance<T>(Y(o)).Variance,
            o =>
            {
                T deviation = TensorPrimitives.Average<T>(Y(o)) * T.Zero + TensorPrimitives.StdDev<T>(Y(o));
                return deviation * deviation;
            }),
        Number<T>("max", "Max", 1, o => Reduce.Max<T>(X(o)), o => TensorPrimitives.Max<T>(X(o))),
        Number<T>("min", "Min", 1, o => Reduce.Min<T>(X(o)), o => TensorPrimitives.Min<T>(X(o))),
        Number<T>(
            "argmax", "IndexOfMax", 1,
            o => T.CreateChecked(Reduce.ArgMax<T>(X(o))), o => T.CreateChecked(TensorPrimitives.IndexOfMax<T>(X(o)))),
    ];

    private static KernelCase<T> Memory<T>(string kernel, double elements, Action<KernelOperands<T>> ours, Action<KernelOperands<T>> theirs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(kernel, KernelCase<T>.MemoryPeer, elements, ours, theirs) { Tolerance = double.NaN };

    private static KernelCase<T> Number<T>(
        string kernel, string peer, double elements, Func<KernelOperands<T>, T> ours, Func<KernelOperands<T>, T> theirs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(kernel, peer, elements, o => o.Own.AsSpan()[0] = ours(o), o => o.Peer.AsSpan()[0] = theirs(o)) { Tolerance = Loose<T>() };

    private static void Read<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MemoryTraffic.Read(X(o));

    private static void Copy<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MemoryTraffic.Copy(X(o), Own(o));

    private static void ReadAndCopy<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MemoryTraffic.Read(Y(o));
        MemoryTraffic.Copy(X(o), Own(o));
    }

    private static ReadOnlySpan<T> X<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => o.X.AsSpan();

    private static ReadOnlySpan<T> Y<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => o.Y.AsSpan();

    private static Span<T> Own<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => o.Own.AsSpan();

    private static Span<T> Peer<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => o.Peer.AsSpan();

    private static T Third<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.One / T.CreateTruncating(3);

    // Small, since it is added to a result in every call, some millions of times.
    private static T Small<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(1.0 / (1 << 20));

    // The long sums of the peers have larger errors than ours.
    private static double Loose<T>() => typeof(T) == typeof(float) ? 2e-3 : 1e-9;

    private static int Size<T>()
        where T : unmanaged => typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);
}
