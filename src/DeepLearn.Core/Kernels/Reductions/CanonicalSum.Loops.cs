using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <content>The loops over one block.</content>
internal static partial class CanonicalSum
{
    /// <summary>The sum over a block, if four vectors hold all virtual lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T BlockOfFour<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes a0 = default, a1 = default, a2 = default, a3 = default;
        nint i = 0;
        for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            a0 = Add<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i);
            a1 = Add<TLanes, TReduction, T>(ref reduction, a1, ref x, ref y, i + TLanes.Count);
            a2 = Add<TLanes, TReduction, T>(ref reduction, a2, ref x, ref y, i + (2 * TLanes.Count));
            a3 = Add<TLanes, TReduction, T>(ref reduction, a3, ref x, ref y, i + (3 * TLanes.Count));
        }

        // The last, incomplete round, which ends in one of the four vectors.
        nint left = length - i;
        if (left < 2 * TLanes.Count)
        {
            if (left < TLanes.Count)
            {
                a0 = AddFirst<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i, (int)left);
            }
            else
            {
                a0 = Add<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i);
                a1 = AddFirst<TLanes, TReduction, T>(ref reduction, a1, ref x, ref y, i + TLanes.Count, (int)left - TLanes.Count);
            }
        }
        else
        {
            a0 = Add<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i);
            a1 = Add<TLanes, TReduction, T>(ref reduction, a1, ref x, ref y, i + TLanes.Count);
            if (left < 3 * TLanes.Count)
            {
                a2 = AddFirst<TLanes, TReduction, T>(
                    ref reduction, a2, ref x, ref y, i + (2 * TLanes.Count), (int)left - (2 * TLanes.Count));
            }
            else
            {
                a2 = Add<TLanes, TReduction, T>(ref reduction, a2, ref x, ref y, i + (2 * TLanes.Count));
                a3 = AddFirst<TLanes, TReduction, T>(
                    ref reduction, a3, ref x, ref y, i + (3 * TLanes.Count), (int)left - (3 * TLanes.Count));
            }
        }
        return ((a0 + a2) + (a1 + a3)).SumAcross();
    }

    /// <summary>The sum over a block, if eight vectors hold all virtual lanes.</summary>
    [MethodImpl(Loop)]
    private static T BlockOfEight<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        nint i = 0;
        for (; i <= length - (8 * TLanes.Count); i += 8 * TLanes.Count)
        {
            a0 = Add<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i);
            a1 = Add<TLanes, TReduction, T>(ref reduction, a1, ref x, ref y, i + TLanes.Count);
            a2 = Add<TLanes, TReduction, T>(ref reduction, a2, ref x, ref y, i + (2 * TLanes.Count));
            a3 = Add<TLanes, TReduction, T>(ref reduction, a3, ref x, ref y, i + (3 * TLanes.Count));
            a4 = Add<TLanes, TReduction, T>(ref reduction, a4, ref x, ref y, i + (4 * TLanes.Count));
            a5 = Add<TLanes, TReduction, T>(ref reduction, a5, ref x, ref y, i + (5 * TLanes.Count));
            a6 = Add<TLanes, TReduction, T>(ref reduction, a6, ref x, ref y, i + (6 * TLanes.Count));
            a7 = Add<TLanes, TReduction, T>(ref reduction, a7, ref x, ref y, i + (7 * TLanes.Count));
        }

        // The last, incomplete round, one accumulator after another. The accumulators are rotated, so that the next one is always a0.
        int turns = 0;
        for (; i < length; i += TLanes.Count, turns++)
        {
            TLanes next = i <= length - TLanes.Count
                ? Add<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i)
                : AddFirst<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i, (int)(length - i));
            (a0, a1, a2, a3, a4, a5, a6, a7) = (a1, a2, a3, a4, a5, a6, a7, next);
        }
        for (; (turns & 7) != 0; turns++)
            (a0, a1, a2, a3, a4, a5, a6, a7) = (a1, a2, a3, a4, a5, a6, a7, a0);
        return (((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7))).SumAcross();
    }

    /// <summary>
    /// The sum over a block that fits in one vector. The zero that is added at the end stands for all other lanes, and turns -0 into +0.
    /// </summary>
    [MethodImpl(Loop)]
    private static T BlockOfOne<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        AddSome<TLanes, TReduction, T>(ref reduction, default, ref x, ref y, 0, length).SumAcross() + T.Zero;

    /// <summary>The sum over a block, if the virtual lanes need several passes over it, with eight vectors in each.</summary>
    [MethodImpl(Loop)]
    private static T BlockInRounds<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = LaneBytes / Unsafe.SizeOf<T>();
        int whole = (int)length / lanes;

        // No vector lives across a call here; otherwise the JIT would write it to the stack in every iteration of the loop.
        Unsafe.SkipInit(out LaneSums sums);
        ref T stored = ref LaneStack.Element<LaneSums, T>(ref sums);
        for (int first = 0; first < lanes; first += 8 * TLanes.Count)
        {
            TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
            nint i = first;
            for (int row = 0; row < whole; row++, i += lanes)
            {
                a0 = Add<TLanes, TReduction, T>(ref reduction, a0, ref x, ref y, i);
                a1 = Add<TLanes, TReduction, T>(ref reduction, a1, ref x, ref y, i + TLanes.Count);
                a2 = Add<TLanes, TReduction, T>(ref reduction, a2, ref x, ref y, i + (2 * TLanes.Count));
                a3 = Add<TLanes, TReduction, T>(ref reduction, a3, ref x, ref y, i + (3 * TLanes.Count));
                a4 = Add<TLanes, TReduction, T>(ref reduction, a4, ref x, ref y, i + (4 * TLanes.Count));
                a5 = Add<TLanes, TReduction, T>(ref reduction, a5, ref x, ref y, i + (5 * TLanes.Count));
                a6 = Add<TLanes, TReduction, T>(ref reduction, a6, ref x, ref y, i + (6 * TLanes.Count));
                a7 = Add<TLanes, TReduction, T>(ref reduction, a7, ref x, ref y, i + (7 * TLanes.Count));
            }
            ref T to = ref Unsafe.Add(ref stored, first);
            a0.Store(ref to);
            a1.Store(ref Unsafe.Add(ref to, TLanes.Count));
            a2.Store(ref Unsafe.Add(ref to, 2 * TLanes.Count));
            a3.Store(ref Unsafe.Add(ref to, 3 * TLanes.Count));
            a4.Store(ref Unsafe.Add(ref to, 4 * TLanes.Count));
            a5.Store(ref Unsafe.Add(ref to, 5 * TLanes.Count));
            a6.Store(ref Unsafe.Add(ref to, 6 * TLanes.Count));
            a7.Store(ref Unsafe.Add(ref to, 7 * TLanes.Count));
        }
        nint done = (nint)whole * lanes;
        ref T restX = ref Unsafe.Add(ref x, done);
        ref T restY = ref Unsafe.Add(ref y, done);
        return Finish<TLanes, TReduction, T>(reduction, ref stored, ref restX, ref restY, length - done);
    }

    /// <summary>Adds the last, incomplete round to the lanes in memory, then adds up the lanes.</summary>
    [MethodImpl(Loop)]
    private static T Finish<TLanes, TReduction, T>(TReduction reduction, ref T sums, ref T x, ref T y, nint left)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint i = 0; i < left; i += TLanes.Count)
        {
            ref T lanes = ref Unsafe.Add(ref sums, i);
            AddSome<TLanes, TReduction, T>(ref reduction, TLanes.Load(in lanes), ref x, ref y, i, left).Store(ref lanes);
        }
        for (int half = LaneBytes / Unsafe.SizeOf<T>() / 2; half >= TLanes.Count; half /= 2)
        {
            for (int i = 0; i < half; i += TLanes.Count)
            {
                ref T lower = ref Unsafe.Add(ref sums, i);
                (TLanes.Load(in lower) + TLanes.Load(in Unsafe.Add(ref lower, half))).Store(ref lower);
            }
        }
        return TLanes.Load(in sums).SumAcross();
    }

    // The reduction is passed by reference from here on. By value, one with fields would be copied on the stack for every vector.

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Add<TLanes, TReduction, T>(ref TReduction reduction, TLanes sum, ref T x, ref T y, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes first = TLanes.Load(in Unsafe.Add(ref x, i));
        return reduction.Accumulate(sum, first, TReduction.UsesSecond ? TLanes.Load(in Unsafe.Add(ref y, i)) : first);
    }

    /// <summary>As <see cref="Add"/>, for the elements that exist; the other lanes keep their sum.</summary>
    private static TLanes AddSome<TLanes, TReduction, T>(ref TReduction reduction, TLanes sum, ref T x, ref T y, nint i, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        length - i >= TLanes.Count
            ? Add<TLanes, TReduction, T>(ref reduction, sum, ref x, ref y, i)
            : AddFirst<TLanes, TReduction, T>(ref reduction, sum, ref x, ref y, i, (int)(length - i));

    /// <summary>As <see cref="Add"/>, for the first few lanes, or none; the others keep their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes AddFirst<TLanes, TReduction, T>(ref TReduction reduction, TLanes sum, ref T x, ref T y, nint i, int count)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count <= 0)
            return sum;
        TLanes first = TLanes.LoadFirst(in Unsafe.Add(ref x, i), count);
        TLanes second = TReduction.UsesSecond ? TLanes.LoadFirst(in Unsafe.Add(ref y, i), count) : first;
        TLanes with = reduction.Accumulate(sum, first, second);
        return TReduction.PassesZerosOver ? with : TLanes.Select(LaneMath.First<TLanes, T>(count), with, sum);
    }

    [InlineArray(LaneBytes)]
    private struct LaneSums
    {
        private byte _first;
    }
}
