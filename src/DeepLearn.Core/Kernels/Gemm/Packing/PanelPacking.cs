using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>
/// Copies part of an operand into a panel, in the order in which a micro-kernel reads it: for each k, the elements of the panel side by
/// side.
/// </summary>
internal static unsafe partial class PanelPacking
{
    /// <summary>
    /// The number of elements after the end of a panel that a copy may overwrite. What follows a panel must be written later.
    /// </summary>
    public const int Slack = 16;

    /// <summary>Packs elements that are stored along either axis.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="elementStep">The stride from one element to the next for the same k.</param>
    /// <param name="depthStep">The stride from one k of the operand to the next; one of the two strides is 1.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="width">The number of elements for each k.</param>
    /// <param name="factor">The factor on each element, rounded once.</param>
    /// <param name="to">The panel.</param>
    /// <param name="panelStep">The stride from one k of the panel to the next, in elements.</param>
    /// <param name="ahead">As for <see cref="Transpose"/>.</param>
    public static void Pack<T>(
        T* from, nint elementStep, nint depthStep, int depth, int width, T factor, T* to, int panelStep, nint ahead = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (elementStep == 1)
            Copy(from, depthStep, depth, width, factor, to, panelStep);
        else
            Transpose(from, elementStep, depth, width, factor, to, panelStep, ahead);
    }

    /// <summary>Packs elements that are side by side in the operand too.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="depthStep">The stride from one k of the operand to the next, in elements.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="width">The number of elements for each k.</param>
    /// <param name="factor">The factor on each element, rounded once.</param>
    /// <param name="to">The panel.</param>
    /// <param name="panelStep">
    /// The stride from one k of the panel to the next, in elements; at least <paramref name="width"/>. Elements between are left as they
    /// are.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(T* from, nint depthStep, int depth, int width, T factor, T* to, int panelStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool scale = factor != T.One;
        for (int k = 0; k < depth; k++)
        {
            int i = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; i <= width - Vector512<T>.Count; i += Vector512<T>.Count)
                {
                    Vector512<T> vector = Vector512.Load(from + i);
                    (scale ? vector * factor : vector).Store(to + i);
                }
            }
            if (Vector256.IsHardwareAccelerated)
            {
                for (; i <= width - Vector256<T>.Count; i += Vector256<T>.Count)
                {
                    Vector256<T> vector = Vector256.Load(from + i);
                    (scale ? vector * factor : vector).Store(to + i);
                }
            }
            if (Vector128.IsHardwareAccelerated)
            {
                for (; i <= width - Vector128<T>.Count; i += Vector128<T>.Count)
                {
                    Vector128<T> vector = Vector128.Load(from + i);
                    (scale ? vector * factor : vector).Store(to + i);
                }
            }
            for (; i < width; i++)
                to[i] = scale ? from[i] * factor : from[i];
            from += depthStep;
            to += panelStep;
        }
    }

    /// <summary>Packs elements that are below each other in the operand; k runs along its rows.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="rowStep">The stride from one row to the next, in elements.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="width">The number of elements for each k.</param>
    /// <param name="factor">The factor on each element, rounded once.</param>
    /// <param name="to">The panel.</param>
    /// <param name="panelStep">
    /// The stride from one k of the panel to the next, in elements; at least <paramref name="width"/>. Elements between may be overwritten.
    /// </param>
    /// <param name="ahead">From what is read to what the processor should fetch meanwhile, in elements; 0 for nothing.</param>
    public static void Transpose<T>(T* from, nint rowStep, int depth, int width, T factor, T* to, int panelStep, nint ahead = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Transposes squares as wide as a vector. The last square may have fewer rows; it repeats the first one, and its surplus elements
        // fall on the next k. So the last square is written first, and the others overwrite its surplus, or the slack takes it.
        if (typeof(T) == typeof(float) && Avx.IsSupported)
        {
            TransposeFloats((float*)from, rowStep, depth, width, *(float*)&factor, (float*)to, panelStep, ahead);
            return;
        }
        if (typeof(T) == typeof(double) && Avx.IsSupported)
        {
            TransposeDoubles((double*)from, rowStep, depth, width, *(double*)&factor, (double*)to, panelStep, ahead);
            return;
        }
        int side = BlockSide<T>();
        for (int i = (width - 1) / side * side; i >= 0; i -= side)
        {
            T* first = from + (i * rowStep);
            if (side > 1)
                TransposeBlocks128(first, rowStep, depth, width - i, factor, to + i, panelStep);
            else
                TransposeRow(first, depth, factor, to + i, panelStep);
        }
    }

    /// <summary>Transposes, and writes no element beyond the result.</summary>
    /// <param name="from">The first element.</param>
    /// <param name="rowStep">The stride from one row to the next, in elements.</param>
    /// <param name="columns">The columns, which become rows.</param>
    /// <param name="rows">The rows, which become columns.</param>
    /// <param name="to">The result.</param>
    /// <param name="resultStep">The stride from one row of the result to the next, in elements.</param>
    public static void TransposeExactly<T>(T* from, nint rowStep, int columns, int rows, T* to, nint resultStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && Avx512F.IsSupported && rows is 2 or 3 && resultStep == rows && columns >= Vector512<T>.Count)
        {
            if (rows == 2)
                InterleaveTwo((float*)from, rowStep, columns, (float*)to);
            else
                InterleaveThree((float*)from, rowStep, columns, (float*)to);
            return;
        }
        int side = BlockSide<T>();
        if (rows < side)
            side = rows >= Vector128<T>.Count && Interleave.IsSupported ? Vector128<T>.Count : 1;
        for (int i = 0; i < rows; i += side)
        {
            // The last block steps back to be full; it writes some numbers a second time.
            int row = Math.Min(i, rows - side);
            if (side == 1)
                TransposeRow(from + (row * rowStep), columns, T.One, to + row, resultStep);
            else if (side == Vector128<T>.Count)
                TransposeBlocks128(from + (row * rowStep), rowStep, columns, side, T.One, to + row, resultStep);
            else if (typeof(T) == typeof(float))
                TransposeFloats((float*)(from + (row * rowStep)), rowStep, columns, side, 1, (float*)(to + row), resultStep);
            else
                TransposeDoubles((double*)(from + (row * rowStep)), rowStep, columns, side, 1, (double*)(to + row), resultStep);
        }
    }

    /// <summary>The side of the squares that are transposed in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int BlockSide<T>()
        where T : unmanaged => Avx.IsSupported ? Vector256<T>.Count : Interleave.IsSupported ? Vector128<T>.Count : 1;

    private static void TransposeRow<T>(T* row, int depth, T factor, T* to, nint panelStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool scale = factor != T.One;
        for (int k = 0; k < depth; k++)
            to[k * panelStep] = scale ? row[k] * factor : row[k];
    }
}
