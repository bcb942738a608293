using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

public static partial class Reduce
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    // Up to this length a scalar loop is fastest.
    private const int TooShort = 16;

    private const int ArgMaxBlock = 4096;

    /// <summary>The greatest element. It is NaN if an element is NaN, and +0 if it is a zero of either sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">The span is empty.</exception>
    public static T Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Extreme<T, Greatest<T>>(x);

    /// <summary>The least element. It is NaN if an element is NaN, and +0 if it is a zero of either sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">The span is empty.</exception>
    public static T Min<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Extreme<T, Least<T>>(x);

    /// <summary>The greatest magnitude (the maximum norm). It is NaN if an element is NaN, and 0 if there are no elements.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T MaxMagnitude<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x.IsEmpty ? T.Zero : Extreme<T, GreatestMagnitude<T>>(x);

    /// <summary>
    /// The position of the greatest element, or of the first NaN. Of equal elements the first counts; zeros of either sign are equal.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">The span is empty.</exception>
    public static int ArgMax<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length <= TooShort)
            return ArgMaxOfFew(x);

        // Block by block, so that the block with the greatest element is in the cache when its position is searched.
        int start = 0;
        T best = T.NaN;
        for (int i = 0; i < x.Length; i += ArgMaxBlock)
        {
            T greatest = Max(x.Slice(i, Math.Min(ArgMaxBlock, x.Length - i)));
            if (T.IsNaN(greatest))
                return i + ArgMaxOfFew(x[i..]);
            if (i > 0 && !(greatest > best))
                continue;
            (start, best) = (i, greatest);
        }
        return start + IndexOf(x[start..], best);
    }

    private static int ArgMaxOfFew<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckSome(x.Length);
        int best = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (T.IsNaN(x[i]))
                return i;
            if (x[i] > x[best])
                best = i;
        }
        return best;
    }

    /// <summary>
    /// The first position of a number that is in the span and not NaN. It is searched by its bits; a zero has two patterns.
    /// </summary>
    private static int IndexOf<T>(ReadOnlySpan<T> x, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            ReadOnlySpan<uint> bits = MemoryMarshal.Cast<T, uint>(x);
            return T.IsZero(value) ? bits.IndexOfAny(0u, 0x80000000u) : bits.IndexOf(Unsafe.BitCast<T, uint>(value));
        }
        ReadOnlySpan<ulong> wide = MemoryMarshal.Cast<T, ulong>(x);
        return T.IsZero(value) ? wide.IndexOfAny(0ul, 0x8000000000000000ul) : wide.IndexOf(Unsafe.BitCast<T, ulong>(value));
    }

    private static T Extreme<T, TExtreme>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
    {
        Precision.Require<T>();
        CheckSome(x.Length);
        ref T from = ref MemoryMarshal.GetReference(x);
        return LaneWidth.ForSpan((nint)x.Length * Unsafe.SizeOf<T>()) switch
        {
            512 when LaneWidth.Has512 => Extreme<Lanes512<T>, T, TExtreme>(ref from, x.Length),
            256 => Extreme<Lanes256<T>, T, TExtreme>(ref from, x.Length),
            128 => Extreme<Lanes128<T>, T, TExtreme>(ref from, x.Length),
            _ => Extreme<Lane<T>, T, TExtreme>(ref from, x.Length),
        };
    }

    /// <summary>results[i] = the greatest element of row i of a matrix with at least one column; see <see cref="Max{T}"/>.</summary>
    internal static void MaxOfRows<T>(ReadOnlyMatrixView<T> source, Span<T> results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T row = ref source.Origin;
        switch (LaneWidth.ForSpan((nint)source.Columns * Unsafe.SizeOf<T>()))
        {
            case 512 when LaneWidth.Has512:
                ExtremesOfRows<Lanes512<T>, T, Greatest<T>>(ref row, source.Stride, source.Columns, results);
                break;
            case 256: ExtremesOfRows<Lanes256<T>, T, Greatest<T>>(ref row, source.Stride, source.Columns, results); break;
            case 128: ExtremesOfRows<Lanes128<T>, T, Greatest<T>>(ref row, source.Stride, source.Columns, results); break;
            default: ExtremesOfRows<Lane<T>, T, Greatest<T>>(ref row, source.Stride, source.Columns, results); break;
        }
    }

    // Without a call for each row, since a row may have only ten numbers.
    [MethodImpl(Loop)]
    private static void ExtremesOfRows<TLanes, T, TExtreme>(ref T row, nint stride, nint length, Span<T> results)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
    {
        for (int i = 0; i < results.Length; i++)
        {
            T extreme = ExtremeLoop<TLanes, T, TExtreme, QuickWatch<T>>(ref row, length);
            results[i] = T.IsNaN(extreme) ? ExactExtreme<TLanes, T, TExtreme>(ref row, length) : extreme;
            row = ref Unsafe.Add(ref row, stride);
        }
    }

    [MethodImpl(Inline)]
    private static T Extreme<TLanes, T, TExtreme>(ref T x, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
    {
        T extreme = QuickExtreme<TLanes, T, TExtreme>(ref x, length);
        return T.IsNaN(extreme) ? ExactExtreme<TLanes, T, TExtreme>(ref x, length) : extreme;
    }

    [MethodImpl(Loop)]
    private static T QuickExtreme<TLanes, T, TExtreme>(ref T x, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T> => ExtremeLoop<TLanes, T, TExtreme, QuickWatch<T>>(ref x, length);

    [MethodImpl(Loop)]
    private static T ExactExtreme<TLanes, T, TExtreme>(ref T x, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T> => ExtremeLoop<TLanes, T, TExtreme, ExactWatch<T>>(ref x, length);

    /// <summary>The extreme of at least one whole vector of numbers; NaN if the watch has detected something.</summary>
    [MethodImpl(Inline)]
    private static T ExtremeLoop<TLanes, T, TExtreme, TWatch>(ref T x, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
        where TWatch : struct, IWatch<T>
    {
        // The order does not matter, since the result is one of the numbers and a zero becomes +0 at the end. So the last vector may
        // overlap the one before.
        nint last = length - TLanes.Count;
        TLanes end = TLanes.Load(in Unsafe.Add(ref x, last));
        TLanes a0 = TExtreme.Prepare(end), a1 = a0, a2 = a0, a3 = a0;
        TLanes seen0 = TWatch.Look(default, end), seen1 = default, seen2 = default, seen3 = default;
        nint i = 0;
        for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            TLanes x0 = TLanes.Load(in Unsafe.Add(ref x, i));
            TLanes x1 = TLanes.Load(in Unsafe.Add(ref x, i + TLanes.Count));
            TLanes x2 = TLanes.Load(in Unsafe.Add(ref x, i + (2 * TLanes.Count)));
            TLanes x3 = TLanes.Load(in Unsafe.Add(ref x, i + (3 * TLanes.Count)));
            seen0 = TWatch.Look(seen0, x0);
            seen1 = TWatch.Look(seen1, x1);
            seen2 = TWatch.Look(seen2, x2);
            seen3 = TWatch.Look(seen3, x3);
            a0 = TExtreme.Better(a0, TExtreme.Prepare(x0));
            a1 = TExtreme.Better(a1, TExtreme.Prepare(x1));
            a2 = TExtreme.Better(a2, TExtreme.Prepare(x2));
            a3 = TExtreme.Better(a3, TExtreme.Prepare(x3));
        }
        for (; i < last; i += TLanes.Count)
        {
            TLanes x0 = TLanes.Load(in Unsafe.Add(ref x, i));
            seen0 = TWatch.Look(seen0, x0);
            a0 = TExtreme.Better(a0, TExtreme.Prepare(x0));
        }
        T best = TExtreme.Across(TExtreme.Better(TExtreme.Better(a0, a1), TExtreme.Better(a2, a3)));
        return T.IsNaN(((seen0 + seen1) + (seen2 + seen3)).SumAcross()) ? T.NaN : best + T.Zero;
    }
}
