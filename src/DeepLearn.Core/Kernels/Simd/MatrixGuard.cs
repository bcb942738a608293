using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// Checks that operands do not share memory, before a kernel over matrices writes anything. The usual case takes a few comparisons. Only
/// operands whose address ranges overlap are examined further: two views of one matrix, side by side, share nothing.
/// </summary>
internal static class MatrixGuard
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // The comparisons are written out in each check, so that a first call has fewer methods to compile.

    /// <summary>Throws if a span that is read shares memory with the matrix that is written.</summary>
    [MethodImpl(Inline)]
    public static void CheckApart<TRead, T>(
        ReadOnlySpan<TRead> read,
        MatrixView<T> written,
        [CallerArgumentExpression(nameof(read))] string readName = "",
        [CallerArgumentExpression(nameof(written))] string writtenName = "")
        where TRead : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint distance = Unsafe.ByteOffset(
            ref Unsafe.As<TRead, byte>(ref MemoryMarshal.GetReference(read)), ref Unsafe.As<T, byte>(ref written.Origin));
        if (distance < (nint)read.Length * Unsafe.SizeOf<TRead>()
            && -distance < (((nint)(written.Rows - 1) * written.Stride) + written.Columns) * Unsafe.SizeOf<T>())
            CheckMeeting(distance, Extent.Of(read), Extent.Of<T>(written), readName, writtenName, mayBeSame: false);
    }

    /// <summary>Throws if the matrix that is read shares memory with a span that is written.</summary>
    [MethodImpl(Inline)]
    public static void CheckApart<T, TWritten>(
        ReadOnlyMatrixView<T> read,
        Span<TWritten> written,
        [CallerArgumentExpression(nameof(read))] string readName = "",
        [CallerArgumentExpression(nameof(written))] string writtenName = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TWritten : unmanaged
    {
        nint distance = Unsafe.ByteOffset(
            ref Unsafe.As<T, byte>(ref read.Origin), ref Unsafe.As<TWritten, byte>(ref MemoryMarshal.GetReference(written)));
        if (distance < (((nint)(read.Rows - 1) * read.Stride) + read.Columns) * Unsafe.SizeOf<T>()
            && -distance < (nint)written.Length * Unsafe.SizeOf<TWritten>())
            CheckMeeting(distance, Extent.Of(read), Extent.Of<TWritten>(written), readName, writtenName, mayBeSame: false);
    }

    /// <summary>Throws if the matrix that is read shares memory with the matrix that is written.</summary>
    [MethodImpl(Inline)]
    public static void CheckApart<T>(
        ReadOnlyMatrixView<T> read,
        MatrixView<T> written,
        [CallerArgumentExpression(nameof(read))] string readName = "",
        [CallerArgumentExpression(nameof(written))] string writtenName = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint distance = Unsafe.ByteOffset(ref read.Origin, ref written.Origin);
        if (distance < (((nint)(read.Rows - 1) * read.Stride) + read.Columns) * Unsafe.SizeOf<T>()
            && -distance < (((nint)(written.Rows - 1) * written.Stride) + written.Columns) * Unsafe.SizeOf<T>())
            CheckMeeting(distance, Extent.Of(read), Extent.Of<T>(written), readName, writtenName, mayBeSame: false);
    }

    /// <summary>Throws if the matrix that is read shares memory with the matrix that is written, unless both are the same view.</summary>
    [MethodImpl(Inline)]
    public static void CheckSameOrApart<T>(
        ReadOnlyMatrixView<T> read,
        MatrixView<T> written,
        [CallerArgumentExpression(nameof(read))] string readName = "",
        [CallerArgumentExpression(nameof(written))] string writtenName = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint distance = Unsafe.ByteOffset(ref read.Origin, ref written.Origin);
        if (distance < (((nint)(read.Rows - 1) * read.Stride) + read.Columns) * Unsafe.SizeOf<T>()
            && -distance < (((nint)(written.Rows - 1) * written.Stride) + written.Columns) * Unsafe.SizeOf<T>())
            CheckMeeting(distance, Extent.Of(read), Extent.Of<T>(written), readName, writtenName, mayBeSame: true);
    }

    /// <summary>Whether two operands share memory.</summary>
    /// <param name="distance">The distance from the first byte of the first operand to the first byte of the second.</param>
    /// <param name="first">The first operand.</param>
    /// <param name="second">The second operand.</param>
    public static bool Share(nint distance, Extent first, Extent second)
    {
        if (distance < 0)
            return Share(-distance, second, first);
        if (distance >= first.Length || first.IsEmpty || second.IsEmpty)
            return false;
        if (first.Rows == 1)
            return true;
        if (second.Rows > 1 && second.Pitch != first.Pitch)
            return ShareRows(distance, first, second);

        // The second operand starts `column` bytes into row `row` of the first; its rows may reach into the next row of the first.
        (nint row, nint column) = Math.DivRem(distance, first.Pitch);
        bool beside = column < first.Width && row < first.Rows;
        bool runsOn = column + second.Width > first.Pitch && row + 1 < first.Rows;
        return beside || runsOn;
    }

    /// <summary>Whether two operands with different strides share memory, checked row by row.</summary>
    private static bool ShareRows(nint distance, Extent first, Extent second)
    {
        for (nint i = 0; i < first.Rows; i++)
        {
            nint start = (i * first.Pitch) - distance, end = start + first.Width;
            nint row = Math.Max(start, 0) / second.Pitch;
            nint from = row * second.Pitch;
            bool meetsRow = row < second.Rows && start < from + second.Width && end > from;
            bool meetsNext = row + 1 < second.Rows && end > from + second.Pitch;
            if (meetsRow || meetsNext)
                return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CheckMeeting(nint distance, Extent read, Extent written, string readName, string writtenName, bool mayBeSame)
    {
        bool isSame = distance == 0 && read.Rows == written.Rows && read.Width == written.Width
            && (read.Pitch == written.Pitch || read.Rows == 1);
        if (!(isSame && mayBeSame) && Share(distance, read, written))
            ThrowShared($"{writtenName} {written} and {readName} {read}", mayBeSame);
    }

    [DoesNotReturn]
    private static void ThrowShared(string both, bool mayBeSame) =>
        throw new ArgumentException(mayBeSame ? $"{both} share memory; they may only be the same, or lie apart." : $"{both} share memory.");

    /// <summary>The memory of a matrix or a span, in bytes.</summary>
    /// <param name="rows">The rows; 1 for a span.</param>
    /// <param name="columns">The elements of a row.</param>
    /// <param name="stride">The distance from one row to the next, in elements.</param>
    /// <param name="size">The bytes of an element.</param>
    public readonly struct Extent(int rows, int columns, int stride, int size)
    {
        /// <summary>The rows.</summary>
        public nint Rows => rows;

        /// <summary>The bytes of a row.</summary>
        public nint Width => (nint)columns * size;

        /// <summary>The bytes from the start of a row to the start of the next.</summary>
        public nint Pitch => (nint)stride * size;

        /// <summary>The bytes from the first element to the end of the last.</summary>
        public nint Length => (((nint)(rows - 1) * stride) + columns) * size;

        /// <summary>Whether there is no element.</summary>
        public bool IsEmpty => rows == 0 || columns == 0;

        /// <summary>The memory of a matrix.</summary>
        public static Extent Of<T>(ReadOnlyMatrixView<T> view)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(view.Rows, view.Columns, view.Stride, Unsafe.SizeOf<T>());

        /// <summary>The memory of a span.</summary>
        public static Extent Of<T>(ReadOnlySpan<T> span)
            where T : unmanaged => new(1, span.Length, span.Length, Unsafe.SizeOf<T>());

        /// <summary>The shape, for messages.</summary>
        public override string ToString() => rows == 1 && stride == columns ? $"[{columns}]" : $"[{rows}, {columns}]";
    }
}
