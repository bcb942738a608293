using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Pooling;

/// <summary>The maximum of each window, channel by channel, and its gradient.</summary>
internal static unsafe class MaxPoolKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes the maxima of one example. A NaN counts as the maximum; of several equal numbers the first counts.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="input">The example.</param>
    /// <param name="output">The maxima.</param>
    /// <param name="places">The index of each maximum in its window, counted row by row; null if it is not needed.</param>
    public static void Forward(PoolGeometry geometry, T* input, T* output, T* places)
    {
        switch (LaneWidth.ForSpan((nint)geometry.Channels * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Forward<Lanes512<T>>(geometry, input, output, places);
                break;
            case 256:
                Forward<Lanes256<T>>(geometry, input, output, places);
                break;
            case 128:
                Forward<Lanes128<T>>(geometry, input, output, places);
                break;
            default:
                Forward<Lane<T>>(geometry, input, output, places);
                break;
        }
    }

    /// <summary>
    /// Computes the gradient of one example's inputs: each output, in order, adds its gradient to the input that was its maximum.
    /// </summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="gradient">The gradient of the outputs of one example.</param>
    /// <param name="places">The indices that the forward pass wrote.</param>
    /// <param name="inputGradient">The gradient of the inputs, all of which is written.</param>
    public static void Backward(PoolGeometry geometry, T* gradient, T* places, T* inputGradient)
    {
        switch (LaneWidth.ForSpan((nint)geometry.Channels * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Backward<Lanes512<T>>(geometry, gradient, places, inputGradient);
                break;
            case 256:
                Backward<Lanes256<T>>(geometry, gradient, places, inputGradient);
                break;
            case 128:
                Backward<Lanes128<T>>(geometry, gradient, places, inputGradient);
                break;
            default:
                Backward<Lane<T>>(geometry, gradient, places, inputGradient);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<TLanes>(PoolGeometry geometry, T* input, T* output, T* places)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = geometry.Channels;
        nint rowStep = (nint)geometry.Horizontal.Input * channels;
        if (IsOfFours(geometry))
        {
            for (int y = 0; y < geometry.Vertical.Output; y++, output += geometry.Horizontal.Output * channels)
            {
                ForwardOfFours<TLanes>(input + (2 * y * rowStep), rowStep, geometry.Horizontal.Output, channels, output, places);
                places = places == null ? null : places + (geometry.Horizontal.Output * channels);
            }
            return;
        }
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                var window = new Window(geometry, y, x, top, bottom, left, right);
                T* from = input + (top * rowStep) + ((nint)left * channels);
                int channel = 0;
                for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
                    Largest<TLanes>(window, from + channel, rowStep, channels, output + channel, places == null ? null : places + channel);
                for (; channel < channels; channel++)
                    Largest<Lane<T>>(window, from + channel, rowStep, channels, output + channel, places == null ? null : places + channel);
                output += channels;
                if (places != null)
                    places += channels;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Largest<TLanes>(Window window, T* from, nint rowStep, int channels, T* output, T* places)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes best = TLanes.Load(in *from), one = TLanes.Create(T.One);
        TLanes place = TLanes.Create(T.CreateTruncating(window.Place));
        for (int row = 0; row < window.Rows; row++, from += rowStep)
        {
            T* at = from;
            TLanes here = TLanes.Create(T.CreateTruncating(window.Place + (row * window.Kernel)));
            for (int column = 0; column < window.Columns; column++, at += channels, here += one)
                Compare(TLanes.Load(in *at), here, one, ref best, ref place);
        }
        best.Store(ref *output);
        if (places != null)
            place.Store(ref *places);
    }

    /// <summary>The old maximum stays if it is a NaN, or if the value neither exceeds it nor is a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compare<TLanes>(TLanes value, TLanes here, TLanes one, ref TLanes best, ref TLanes place)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes isBest = (value < best) | TLanes.Equal(value, best);
        TLanes stays = TLanes.Select(TLanes.Equal(best, best), isBest, TLanes.Equal(one, one));
        best = TLanes.Select(stays, best, value);
        place = TLanes.Select(stays, place, here);
    }

    /// <summary>
    /// Whether windows are 2x2, two apart, and all within the image, as most networks have them: each input is in one window at most.
    /// </summary>
    private static bool IsOfFours(PoolGeometry geometry) => IsOfPairs(geometry.Vertical) && IsOfPairs(geometry.Horizontal);

    private static bool IsOfPairs(WindowAxis axis) => axis is { Kernel: 2, Stride: 2, Before: 0 } && 2 * axis.Output <= axis.Input;

    /// <summary>One row of maxima of 2x2 numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardOfFours<TLanes>(T* upper, nint rowStep, int width, int channels, T* output, T* places)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int x = 0; x < width; x++, upper += 2 * channels, output += channels)
        {
            int c = 0;
            for (; c <= channels - TLanes.Count; c += TLanes.Count)
                LargestOfFour<TLanes>(upper + c, rowStep, channels, output + c, places == null ? null : places + c);
            for (; c < channels; c++)
                LargestOfFour<Lane<T>>(upper + c, rowStep, channels, output + c, places == null ? null : places + c);
            places = places == null ? null : places + channels;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LargestOfFour<TLanes>(T* upper, nint rowStep, int channels, T* output, T* places)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* lower = upper + rowStep;
        TLanes best = TLanes.Load(in *upper), place = default, one = TLanes.Create(T.One), two = one + one;
        Compare(TLanes.Load(in upper[channels]), one, one, ref best, ref place);
        Compare(TLanes.Load(in *lower), two, one, ref best, ref place);
        Compare(TLanes.Load(in lower[channels]), two + one, one, ref best, ref place);
        best.Store(ref *output);
        if (places != null)
            place.Store(ref *places);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TLanes>(PoolGeometry geometry, T* gradient, T* places, T* inputGradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = geometry.Channels;
        nint rowStep = (nint)geometry.Horizontal.Input * channels;
        if (!IsOfFours(geometry) || geometry.InputCount != 4 * geometry.OutputCount)
            new Span<T>(inputGradient, geometry.InputCount).Clear();
        if (IsOfFours(geometry))
        {
            nint step = (nint)geometry.Horizontal.Output * channels;
            for (int y = 0; y < geometry.Vertical.Output; y++, gradient += step, places += step)
                BackwardOfFours<TLanes>(gradient, places, geometry.Horizontal.Output, channels, inputGradient + (2 * y * rowStep), rowStep);
            return;
        }
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, gradient += channels, places += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                var window = new Window(geometry, y, x, top, bottom, left, right);
                for (int row = 0; row < window.Rows; row++)
                {
                    T* to = inputGradient + ((top + row) * rowStep) + ((nint)left * channels);
                    for (int column = 0; column < window.Columns; column++, to += channels)
                    {
                        T place = T.CreateTruncating(window.Place + (row * window.Kernel) + column);
                        int channel = 0;
                        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
                            Pass(places + channel, TLanes.Create(place), gradient + channel, to + channel);
                        for (; channel < channels; channel++)
                            Pass(places + channel, new Lane<T>(place), gradient + channel, to + channel);
                    }
                }
            }
        }
    }

    /// <summary>One row of windows of 2x2: each input is written once, without being read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardOfFours<TLanes>(T* gradient, T* places, int width, int channels, T* upper, nint rowStep)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int x = 0; x < width; x++, gradient += channels, places += channels, upper += 2 * channels)
        {
            int c = 0;
            for (; c <= channels - TLanes.Count; c += TLanes.Count)
                PassToOneOfFour<TLanes>(gradient + c, places + c, upper + c, upper + c + rowStep, channels);
            for (; c < channels; c++)
                PassToOneOfFour<Lane<T>>(gradient + c, places + c, upper + c, upper + c + rowStep, channels);
        }
    }

    // As a sum that begins with +0: a gradient of -0 arrives as +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PassToOneOfFour<TLanes>(T* gradient, T* places, T* upper, T* lower, int channels)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes value = TLanes.Load(in *gradient), place = TLanes.Load(in *places), one = TLanes.Create(T.One), two = one + one;
        (default(TLanes) + (value & TLanes.Equal(place, default))).Store(ref *upper);
        (default(TLanes) + (value & TLanes.Equal(place, one))).Store(ref upper[channels]);
        (default(TLanes) + (value & TLanes.Equal(place, two))).Store(ref *lower);
        (default(TLanes) + (value & TLanes.Equal(place, two + one))).Store(ref lower[channels]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass<TLanes>(T* places, TLanes place, T* gradient, T* to)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes isHere = TLanes.Equal(TLanes.Load(in *places), place);
        (TLanes.Load(in *to) + (TLanes.Load(in *gradient) & isHere)).Store(ref *to);
    }

    /// <summary>
    /// The part of a window that lies within the image. Indices count the padding too, though the maximum is never there.
    /// </summary>
    private readonly struct Window
    {
        public Window(PoolGeometry geometry, int y, int x, int top, int bottom, int left, int right)
        {
            WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
            (Rows, Columns, Kernel) = (bottom - top, right - left, horizontal.Kernel);
            Place = ((top + vertical.Before - (y * vertical.Stride)) * Kernel) + left + horizontal.Before - (x * horizontal.Stride);
        }

        public int Rows { get; }

        public int Columns { get; }

        /// <summary>The columns of a whole window: the difference between the index of an element and that of the element above.</summary>
        public int Kernel { get; }

        /// <summary>The index of the first element within the image.</summary>
        public int Place { get; }
    }
}
