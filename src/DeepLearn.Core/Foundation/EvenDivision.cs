namespace DeepLearn.Foundation;

/// <summary>
/// The one rule by which the library divides the features of examples among threads: part p of n has those from <c>total p / n</c> to
/// before <c>total (p + 1) / n</c>, rounded down.
/// </summary>
/// <remarks>
/// Whoever makes a batch and the layer that reads it first use the same rule, so that each thread finds in its own cache what it has
/// written. No result depends on it.
/// </remarks>
public readonly record struct EvenDivision
{
    /// <summary>Makes a division.</summary>
    /// <param name="total">How many there are to divide, at least 0.</param>
    /// <param name="parts">Among how many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public EvenDivision(int total, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        Total = total;
        Parts = parts;
    }

    /// <summary>How many there are to divide.</summary>
    public int Total { get; }

    /// <summary>Among how many.</summary>
    public int Parts { get; }

    /// <summary>The first of a part; of the part behind the last, the end.</summary>
    /// <param name="part">The part, from 0 to <see cref="Parts"/>.</param>
    public int First(int part) => (int)((long)Total * part / Parts);

    /// <summary>How many a part has.</summary>
    /// <param name="part">The part, from 0.</param>
    public int Count(int part) => First(part + 1) - First(part);
}
