using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Transforms planes of sums to gradients of kernels.</summary>
internal static unsafe class WinogradPlanesToTaps<T, TTransform>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransform : struct, IWinogradTransform
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Transforms some sums; the parameters are those of <see cref="WinogradKernels{T}.TransformSums"/>.</summary>
    public static void Run(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep)
    {
        switch (LaneWidth.ForSpan((nint)count * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Run<Lanes512<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
            case 256:
                Run<Lanes256<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
            case 128:
                Run<Lanes128<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
            default:
                Run<Lane<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[TTransform.From * TTransform.To * TLanes.Count];
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            One<TLanes>(planes + i, planeStep, scale, keep, weights + i, tapStep, between);
        for (; i < count; i++)
            One<Lane<T>>(planes + i, planeStep, scale, keep, weights + i, tapStep, between);
    }

    [MethodImpl(Inline)]
    private static void One<TLanes>(T* planes, nint planeStep, T scale, T keep, T* weights, nint tapStep, T* between)
        where TLanes : struct, ILanes<TLanes, T> =>
        WinogradSquare.Transform<T, TLanes, TTransform, WinogradPlanes<T, TLanes>, WinogradTaps<T, TLanes>>(
            new(planes, planeStep, TTransform.From), new(weights, tapStep, TTransform.To, scale, keep), between);
}
