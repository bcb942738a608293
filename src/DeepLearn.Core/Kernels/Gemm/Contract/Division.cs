using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>
/// So many things in as few blocks of a limited size as will do, the blocks as equal as can be: the longer ones first, none more than
/// one longer than another.
/// </summary>
internal readonly struct Division
{
    /// <summary>Divides <paramref name="total"/> things into blocks of at most <paramref name="limit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Division(int total, int limit)
    {
        if (total <= limit)
        {
            // The common cases go without a division, which takes longer than all the rest here.
            Count = total > 0 ? 1 : 0;
            ShortSize = total;
            return;
        }
        if (total - limit <= limit)
        {
            Count = 2;
            ShortSize = total >> 1;
            LongCount = total & 1;
            return;
        }
        uint blocks = ((uint)total + (uint)limit - 1) / (uint)limit;
        uint size = (uint)total / blocks;
        Count = (int)blocks;
        ShortSize = (int)size;
        LongCount = (int)((uint)total - (size * blocks));
    }

    private Division(int count, int size, int longCount)
    {
        Count = count;
        ShortSize = size;
        LongCount = longCount;
    }

    /// <summary>How many blocks there are.</summary>
    public int Count { get; }

    /// <summary>How many of them, the first ones, are one longer than the others.</summary>
    public int LongCount { get; }

    /// <summary>The size of the blocks after the long ones.</summary>
    public int ShortSize { get; }

    /// <summary>Divides into a given number of blocks, of which some may be empty.</summary>
    public static Division Into(int total, int count) => new(count, total / count, total % count);

    /// <summary>Where a block starts.</summary>
    public int First(int block) => (block * ShortSize) + Math.Min(block, LongCount);

    /// <summary>How large a block is.</summary>
    public int Size(int block) => ShortSize + (block < LongCount ? 1 : 0);
}
