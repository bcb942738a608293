using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// So many things in as few pieces of a limited size as will do, the pieces as equal as can be: the longer ones first, none more than
/// one longer than another.
/// </summary>
internal readonly struct Division
{
    /// <summary>Divides <paramref name="total"/> things in pieces of at most <paramref name="limit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Division(int total, int limit)
    {
        if (total <= limit)
        {
            // The common cases go without a division, which takes longer than all the rest here.
            Pieces = total > 0 ? 1 : 0;
            ShortSize = total;
            return;
        }
        if (total - limit <= limit)
        {
            Pieces = 2;
            ShortSize = total >> 1;
            LongPieces = total & 1;
            return;
        }
        uint pieces = ((uint)total + (uint)limit - 1) / (uint)limit;
        uint size = (uint)total / pieces;
        Pieces = (int)pieces;
        ShortSize = (int)size;
        LongPieces = (int)((uint)total - (size * pieces));
    }

    private Division(int pieces, int size, int longPieces)
    {
        Pieces = pieces;
        ShortSize = size;
        LongPieces = longPieces;
    }

    /// <summary>How many pieces there are.</summary>
    public int Pieces { get; }

    /// <summary>How many of them, the first ones, are one longer than the others.</summary>
    public int LongPieces { get; }

    /// <summary>The size of the pieces after the long ones.</summary>
    public int ShortSize { get; }

    /// <summary>Divides in a given number of pieces, of which some may be empty.</summary>
    public static Division Into(int total, int pieces) => new(pieces, total / pieces, total % pieces);

    /// <summary>Where a piece starts.</summary>
    public int First(int piece) => (piece * ShortSize) + Math.Min(piece, LongPieces);

    /// <summary>How large a piece is.</summary>
    public int Size(int piece) => ShortSize + (piece < LongPieces ? 1 : 0);
}
