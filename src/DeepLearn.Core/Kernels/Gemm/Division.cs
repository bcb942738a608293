namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// So many things in as few pieces of a limited size as will do, the pieces as equal as can be: the longer ones first, none more than one longer than another.
/// </summary>
internal readonly struct Division
{
    private readonly int _short;

    /// <summary>Divides <paramref name="total"/> things in pieces of at most <paramref name="limit"/>.</summary>
    public Division(int total, int limit)
        : this(total, limit, (int)(((long)total + limit - 1) / limit))
    {
    }

    private Division(int total, int limit, int pieces)
    {
        _ = limit;
        Pieces = pieces;
        _short = pieces == 0 ? 0 : total / pieces;
        LongPieces = pieces == 0 ? 0 : total - (_short * pieces);
    }

    /// <summary>How many pieces there are.</summary>
    public int Pieces { get; }

    /// <summary>How many of them, the first ones, are one longer than the others.</summary>
    public int LongPieces { get; }

    /// <summary>The size of the pieces after the long ones.</summary>
    public int ShortSize => _short;

    /// <summary>Divides in a given number of pieces, of which some may be empty.</summary>
    public static Division Into(int total, int pieces) => new(total, total, pieces);

    /// <summary>Where a piece starts.</summary>
    public int First(int piece) => (piece * _short) + Math.Min(piece, LongPieces);

    /// <summary>How large a piece is.</summary>
    public int Size(int piece) => _short + (piece < LongPieces ? 1 : 0);
}
