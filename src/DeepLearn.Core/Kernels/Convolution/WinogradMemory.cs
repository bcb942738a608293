using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>A square whose elements are equally far apart in memory: one in each plane, or one in each tap.</summary>
internal readonly unsafe struct WinogradPlanes<T, TLanes>(T* first, nint step, int columns)
    : IWinogradSource<TLanes>, IWinogradTarget<TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Load(int row, int column) => TLanes.Load(in first[((row * columns) + column) * step]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int row, int column, TLanes value) => value.Store(ref first[((row * columns) + column) * step]);
}

/// <summary>A square of an image, read through the addresses of its elements; those outside the image are zeros.</summary>
internal readonly unsafe struct WinogradPatch<T, TLanes>(T** places, int columns, nint channel) : IWinogradSource<TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Load(int row, int column) => TLanes.Load(in places[(row * columns) + column][channel]);
}

/// <summary>A square of results in an image, with a fused bias and ReLU; results outside the image are written to spill memory.</summary>
internal readonly unsafe struct WinogradResults<T, TLanes>(T** places, int columns, nint channel, T* biases, bool relu)
    : IWinogradTarget<TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int row, int column, TLanes value)
    {
        if (biases != null)
            value += TLanes.Load(in biases[channel]);
        if (relu)
            value = TLanes.AtLeast(value, default);
        value.Store(ref places[(row * columns) + column][channel]);
    }
}

/// <summary>The gradients of taps: <c>destination = keep * destination + scale * gradient</c>.</summary>
internal readonly unsafe struct WinogradTaps<T, TLanes>(T* first, nint step, int columns, T scale, T keep) : IWinogradTarget<TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int row, int column, TLanes value) =>
        GradientStore.Store(value, scale, keep, first + (((row * columns) + column) * step));
}
