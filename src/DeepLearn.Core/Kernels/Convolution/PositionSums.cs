using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Sums each channel over the positions of a batch, in order: the gradient of the biases.</summary>
internal static unsafe class PositionSums<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds the numbers of each channel to its sum, one position after another.</summary>
    /// <param name="from">The numbers, <c>[positions, channels]</c>.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="sums">A sum for each channel.</param>
    public static void Add(T* from, int positions, int channels, T* sums)
    {
        switch (LaneWidth.ForSpan((nint)channels * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Add<Lanes512<T>>(from, positions, channels, sums);
                break;
            case 256:
                Add<Lanes256<T>>(from, positions, channels, sums);
                break;
            case 128:
                Add<Lanes128<T>>(from, positions, channels, sums);
                break;
            default:
                Add<Lane<T>>(from, positions, channels, sums);
                break;
        }
    }

    /// <summary>
    /// Sums each channel over the positions of an image, in order, and adds the sums of some images to others, in order. What the first
    /// image finds is written over.
    /// </summary>
    /// <param name="images">The images.</param>
    /// <param name="first">The first that is added.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="positions">The positions of an image.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="ofImage">Memory with a number for each channel.</param>
    /// <param name="sums">A sum for each channel.</param>
    public static void AddImages(ImageStack<T> images, int first, int end, int positions, int channels, T* ofImage, T* sums)
    {
        for (int image = first; image < end; image++)
        {
            T* sum = image == 0 ? sums : ofImage;
            new Span<T>(sum, channels).Clear();
            Add(images[image], positions, channels, sum);
            if (image > 0)
                Arithmetic.Add<T>(new(sums, channels), new(ofImage, channels), new Span<T>(sums, channels));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TLanes>(T* from, int positions, int channels, T* sums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channel = 0;
        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
            AddOne<TLanes>(from + channel, positions, channels, sums + channel);
        for (; channel < channels; channel++)
            AddOne<Lane<T>>(from + channel, positions, channels, sums + channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne<TLanes>(T* from, int positions, nint step, T* sum)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes total = TLanes.Load(in *sum);
        for (int position = 0; position < positions; position++, from += step)
            total += TLanes.Load(in *from);
        total.Store(ref *sum);
    }
}
