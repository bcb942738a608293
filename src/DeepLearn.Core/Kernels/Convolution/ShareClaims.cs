namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Hands out work items to the parts of a parallel run: to each part first those of its own share, one after another, then what other
/// parts have left. So a part finds in its processor's cache what it wrote of the same images in another pass, and no processor is idle
/// while there is work. No result depends on which part gets an item.
/// </summary>
/// <param name="most">The most parts.</param>
internal sealed class ShareClaims(int most)
{
    /// <summary>From one counter to the next: no two of them are in lines that a processor fetches together.</summary>
    private const int Spacing = 32;

    private readonly int[] _claimed = new int[(most + 1) * Spacing];
    private int _items;
    private int _parts;

    /// <summary>Starts again.</summary>
    /// <param name="items">The items.</param>
    /// <param name="parts">The parts, at most as many as there is room for.</param>
    public void Begin(int items, int parts)
    {
        (_items, _parts) = (items, parts);
        Array.Clear(_claimed);
    }

    /// <summary>The number of the next item of a part, from 0; -1 if none is left.</summary>
    /// <param name="part">The part, from 0.</param>
    public int Next(int part)
    {
        for (int other = 0; other < _parts; other++)
        {
            var share = new Share((part + other) % _parts, _parts);
            int first = share.First(_items), end = share.End(_items);
            ref int claimed = ref _claimed[(share.Index + 1) * Spacing];
            if (first + Volatile.Read(ref claimed) >= end)
                continue;
            int item = first + Interlocked.Increment(ref claimed) - 1;
            if (item < end)
                return item;
        }
        return -1;
    }
}
