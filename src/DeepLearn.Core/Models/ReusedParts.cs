namespace DeepLearn.Models;

/// <summary>
/// Reusable working memory. A caller takes a part, has it alone, and gives it back: many threads work at once, and none of them allocates.
/// </summary>
/// <typeparam name="TPart">A part, with room for some examples.</typeparam>
/// <param name="capacityOf">The number of examples that a part has room for.</param>
internal sealed class ReusedParts<TPart>(Func<TPart, int> capacityOf)
    where TPart : class
{
    // As many as may be in use at once. The search for a free one begins with the first.
    private readonly TPart?[] _kept = new TPart?[Math.Max(4, 2 * Environment.ProcessorCount)];

    /// <summary>Takes a free part with room for some examples; null if there is none.</summary>
    /// <param name="count">The number of examples.</param>
    public TPart? TryTake(int count)
    {
        foreach (ref TPart? place in _kept.AsSpan())
        {
            if (Volatile.Read(ref place) is { } kept && capacityOf(kept) >= count
                && Interlocked.CompareExchange(ref place, null, kept) == kept)
            {
                return kept;
            }
        }
        return null;
    }

    /// <summary>Gives a part back: to an empty place, or in the place of a smaller one.</summary>
    /// <param name="part">The part, which the caller does not use any more.</param>
    public void GiveBack(TPart part)
    {
        foreach (ref TPart? place in _kept.AsSpan())
        {
            TPart? kept = Volatile.Read(ref place);
            if ((kept is null || capacityOf(kept) < capacityOf(part)) && Interlocked.CompareExchange(ref place, part, kept) == kept)
                return;
        }
    }
}
