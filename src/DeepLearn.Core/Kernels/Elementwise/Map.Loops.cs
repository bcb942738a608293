using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Map
{
    private static void RunUnary<TLanes, TOperator, T>(TOperator f, ref T x, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TOperator.IsLong || length < 4 * TLanes.Count)
            UnaryLoop<TLanes, TOperator, T>(f, ref x, ref destination, length);
        else
            UnrolledUnaryLoop<TLanes, TOperator, T>(f, ref x, ref destination, length);
    }

    // A loop of its own: the compiler inlines into a method only so much, dead branches included.
    [MethodImpl(Loop)]
    private static void UnrolledUnaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i);
            UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i + TLanes.Count);
            UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i + (2 * TLanes.Count));
            UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i + (3 * TLanes.Count));
        }
        if (i < length)
            UnaryLoop<TLanes, TOperator, T>(f, ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref destination, i), length - i);
    }

    [MethodImpl(Loop)]
    private static void UnaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;

        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i);
            }
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UnaryAt<TLanes, TOperator, T>(TOperator f, ref T x, ref T destination, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        f.Invoke(xLanes).Store(ref Unsafe.Add(ref destination, i));
    }

    private static void RunBinary<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TOperator.IsLong || length < 4 * TLanes.Count)
            BinaryLoop<TLanes, TOperator, T>(f, ref x, ref y, ref destination, length);
        else
            UnrolledBinaryLoop<TLanes, TOperator, T>(f, ref x, ref y, ref destination, length);
    }

    // A loop of its own: the compiler inlines into a method only so much, dead branches included.
    [MethodImpl(Loop)]
    private static void UnrolledBinaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i);
            BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i + TLanes.Count);
            BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i + (2 * TLanes.Count));
            BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i + (3 * TLanes.Count));
        }
        if (i < length)
            BinaryLoop<TLanes, TOperator, T>(
                f, ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref y, i), ref Unsafe.Add(ref destination, i), length - i);
    }

    [MethodImpl(Loop)]
    private static void BinaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;

        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes yTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i);
            }
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            yTail = TLanes.LoadFirst(in Unsafe.Add(ref y, i), left);
            y = ref LaneStack.Element<TLanes, T>(ref yTail);
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BinaryAt<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T destination, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        TLanes yLanes = TLanes.Load(in Unsafe.Add(ref y, i));
        f.Invoke(xLanes, yLanes).Store(ref Unsafe.Add(ref destination, i));
    }

    private static void RunTernary<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TOperator.IsLong || length < 4 * TLanes.Count)
            TernaryLoop<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, length);
        else
            UnrolledTernaryLoop<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, length);
    }

    // A loop of its own: the compiler inlines into a method only so much, dead branches included.
    [MethodImpl(Loop)]
    private static void UnrolledTernaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i);
            TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i + TLanes.Count);
            TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i + (2 * TLanes.Count));
            TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i + (3 * TLanes.Count));
        }
        if (i < length)
            TernaryLoop<TLanes, TOperator, T>(
                f, ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref y, i), ref Unsafe.Add(ref z, i),
                ref Unsafe.Add(ref destination, i), length - i);
    }

    [MethodImpl(Loop)]
    private static void TernaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;

        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes yTail = default;
        TLanes zTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i);
            }
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            yTail = TLanes.LoadFirst(in Unsafe.Add(ref y, i), left);
            y = ref LaneStack.Element<TLanes, T>(ref yTail);
            zTail = TLanes.LoadFirst(in Unsafe.Add(ref z, i), left);
            z = ref LaneStack.Element<TLanes, T>(ref zTail);
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TernaryAt<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T z, ref T destination, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        TLanes yLanes = TLanes.Load(in Unsafe.Add(ref y, i));
        TLanes zLanes = TLanes.Load(in Unsafe.Add(ref z, i));
        f.Invoke(xLanes, yLanes, zLanes).Store(ref Unsafe.Add(ref destination, i));
    }
}
