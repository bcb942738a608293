using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Kernels.Elementwise;

namespace DeepLearn.Benchmarks.Elementwise;

/// <content>The steps of the optimizers.</content>
internal static partial class KernelCases
{
    private const double Share = 1.0 / 3;

    private static IEnumerable<KernelCase<T>> Updates<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        Memory<T>("sgd", 3, o => OptimizerUpdates.Sgd(Y(o), T.Zero, UpdateTerms<T>.None, Own(o)), UpdateOne),
        Memory<T>(
            "momentum", 5, o => OptimizerUpdates.Momentum(Y(o), T.Zero, Share, UpdateTerms<T>.None, Own(o), o.Mean.AsSpan()),
            UpdateTwo),
        Memory<T>(
            "nesterov", 5, o => OptimizerUpdates.Nesterov(Y(o), T.Zero, Share, UpdateTerms<T>.None, Own(o), o.Mean.AsSpan()),
            UpdateTwo),
        Memory<T>(
            "rmsprop", 5,
            o => OptimizerUpdates.RmsProp(Y(o), T.Zero, Share, Small<T>(), UpdateTerms<T>.None, Own(o), o.Mean.AsSpan()), UpdateTwo),
        Memory<T>(
            "lion", 5,
            o => OptimizerUpdates.Lion(Y(o), T.Zero, Share, Share, UpdateTerms<T>.None, Own(o), o.Mean.AsSpan()), UpdateTwo),
        Memory<T>(
            "adam", 7,
            o => OptimizerUpdates.Adam(
                Y(o), T.Zero, Share, Share, T.One, T.One, Small<T>(), UpdateTerms<T>.None, Own(o), o.Mean.AsSpan(),
                o.MeanSquare.AsSpan()),
            o =>
            {
                UpdateTwo(o);
                MemoryTraffic.Update(o.MeanSquare.AsSpan());
            }),
        Memory<T>("moving average", 3, o => OptimizerUpdates.MovingAverage(X(o), Share, Own(o)), UpdateOne),
    ];

    private static void UpdateOne<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Read(o);
        MemoryTraffic.Update(Own(o));
    }

    private static void UpdateTwo<T>(KernelOperands<T> o)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        UpdateOne(o);
        MemoryTraffic.Update(o.Mean.AsSpan());
    }
}
