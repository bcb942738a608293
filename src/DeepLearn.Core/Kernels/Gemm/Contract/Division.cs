using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>
/// Divides a number of items into as few blocks of a limited size as possible. The blocks are nearly equal: the first ones may have one
/// item more than the others.
/// </summary>
internal readonly struct Division
{
    /// <summary>Divides <paramref name="total"/> items into blocks of at most <paramref name="limit"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Division(int total, int limit)
    {
        if (total <= limit)
        {
            // The common cases need no integer division, which would take longer than everything else here.
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

    /// <summary>The number of blocks.</summary>
    public int Count { get; }

    /// <summary>The number of blocks, the first ones, that have one item more than the others.</summary>
    public int LongCount { get; }

    /// <summary>The size of the other blocks.</summary>
    public int ShortSize { get; }

    /// <summary>Divides into a given number of blocks, some of which may be empty.</summary>
    public static Division Into(int total, int count) => new(count, total / count, total % count);

    /// <summary>The first item of a block.</summary>
    public int First(int block) => (block * ShortSize) + Math.Min(block, LongCount);

    /// <summary>The size of a block.</summary>
    public int Size(int block) => ShortSize + (block < LongCount ? 1 : 0);
}
