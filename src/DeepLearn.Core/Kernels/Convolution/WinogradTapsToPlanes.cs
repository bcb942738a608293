using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Transforms kernels to planes, one for each place of a transformed kernel.</summary>
internal static unsafe class WinogradTapsToPlanes<T, TTransform>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransform : struct, IWinogradTransform
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Transforms some weights; the parameters are those of <see cref="WinogradKernels{T}.TransformWeights"/>.</summary>
    public static void Run(T* weights, nint tapStep, T* planes, nint planeStep, int count)
    {
        switch (LaneWidth.ForSpan((nint)count * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Run<Lanes512<T>>(weights, tapStep, planes, planeStep, count);
                break;
            case 256:
                Run<Lanes256<T>>(weights, tapStep, planes, planeStep, count);
                break;
            case 128:
                Run<Lanes128<T>>(weights, tapStep, planes, planeStep, count);
                break;
            default:
                Run<Lane<T>>(weights, tapStep, planes, planeStep, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(T* weights, nint tapStep, T* planes, nint planeStep, int count)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[TTransform.From * TTransform.To * TLanes.Count];
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            One<TLanes>(weights + i, tapStep, planes + i, planeStep, between);
        for (; i < count; i++)
            One<Lane<T>>(weights + i, tapStep, planes + i, planeStep, between);
    }

    [MethodImpl(Inline)]
    private static void One<TLanes>(T* weights, nint tapStep, T* planes, nint planeStep, T* between)
        where TLanes : struct, ILanes<TLanes, T> =>
        WinogradSquare.Transform<T, TLanes, TTransform, WinogradPlanes<T, TLanes>, WinogradPlanes<T, TLanes>>(
            new(weights, tapStep, TTransform.From), new(planes, planeStep, TTransform.To), between);
}
