using System.Runtime.CompilerServices;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Synthetic;

/// <summary>Paints the images of <see cref="SyntheticImages"/> from patterns that it makes once.</summary>
internal sealed class SyntheticPainter
{
    public const int Side = 32;
    public const int Channels = 3;
    public const int Pixels = Side * Side * Channels;

    // An image is a window on a larger pattern: as far as this, in pixels, from its middle.
    internal const int Shift = 4;
    private const int PatternSide = Side + (2 * Shift);
    private const int PatternRow = PatternSide * Channels;

    private const int Variants = 4;
    private const int SharedPatterns = 64;

    // In 128ths of a pattern's -128..127. Chosen by training 3072-50-10 networks; see SyntheticImages for what they reach.
    private const int OwnStrength = 30, OwnVariation = 20;
    private const int SharedStrength = 70;
    private const int NoiseStrength = 80;

    private readonly sbyte[][] _own = new sbyte[SyntheticImages.Classes * Variants * 2][];
    private readonly sbyte[][] _shared = new sbyte[SharedPatterns][];

    public SyntheticPainter(RandomKey key)
    {
        for (int i = 0; i < _own.Length; i += 2)
        {
            _own[i] = MakePattern(key.Derive("own").Derive(i / 2));
            _own[i + 1] = Mirror(_own[i]);
        }
        for (int i = 0; i < _shared.Length; i++)
            _shared[i] = MakePattern(key.Derive("shared").Derive(i));
    }

    /// <summary>Paints one image, channels last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Paint(int label, ref RandomStream random, Span<byte> image)
    {
        sbyte[] own = _own[(label * Variants * 2) + random.NextIndex(Variants * 2)];
        sbyte[] first = _shared[random.NextIndex(SharedPatterns)];
        sbyte[] second = _shared[random.NextIndex(SharedPatterns)];
        sbyte[] third = _shared[random.NextIndex(SharedPatterns)];
        int ownAt = WindowAt(ref random), firstAt = WindowAt(ref random), secondAt = WindowAt(ref random), thirdAt = WindowAt(ref random);
        int ownStrength = OwnStrength + random.NextIndex(OwnVariation + 1);
        int firstStrength = random.NextIndex(SharedStrength + 1);
        int secondStrength = random.NextIndex(SharedStrength + 1);
        int thirdStrength = random.NextIndex(SharedStrength + 1);
        const int row = Side * Channels;
        for (int y = 0; y < Side; y++)
        {
            int start = y * PatternRow;
            ReadOnlySpan<sbyte> a = own.AsSpan(ownAt + start, row), b = first.AsSpan(firstAt + start, row);
            ReadOnlySpan<sbyte> c = second.AsSpan(secondAt + start, row), d = third.AsSpan(thirdAt + start, row);
            Span<byte> to = image.Slice(y * row, row);
            ulong bits = 0;
            for (int x = 0; x < to.Length; x++)
            {
                // Eight bytes of noise from one draw.
                bits = x % 8 == 0 ? random.NextBits() : bits >> 8;
                int value = (a[x] * ownStrength) + (b[x] * firstStrength) + (c[x] * secondStrength) + (d[x] * thirdStrength)
                    + ((sbyte)bits * NoiseStrength);
                to[x] = (byte)Math.Clamp(128 + (value >> 7), 0, 255);
            }
        }
    }

    private static int WindowAt(ref RandomStream random) =>
        (random.NextIndex((2 * Shift) + 1) * PatternRow) + (random.NextIndex((2 * Shift) + 1) * Channels);

    /// <summary>Random values on a coarse grid and on a finer one, interpolated linearly in between, added.</summary>
    private static sbyte[] MakePattern(RandomKey key)
    {
        RandomStream random = key.Open();
        var pattern = new sbyte[PatternSide * PatternRow];
        for (int channel = 0; channel < Channels; channel++)
        {
            int[] coarse = MakeGrid(ref random, 13), fine = MakeGrid(ref random, 6);
            for (int y = 0; y < PatternSide; y++)
            {
                for (int x = 0; x < PatternSide; x++)
                {
                    int value = (Interpolate(coarse, 13, y, x) * 5 / 4) + (Interpolate(fine, 6, y, x) / 2);
                    pattern[(y * PatternRow) + (x * Channels) + channel] = (sbyte)Math.Clamp(value, -128, 127);
                }
            }
        }
        return pattern;
    }

    private static int GridSide(int cell) => (PatternSide / cell) + 2;

    private static int[] MakeGrid(ref RandomStream random, int cell)
    {
        var grid = new int[GridSide(cell) * GridSide(cell)];
        for (int i = 0; i < grid.Length; i++)
            grid[i] = random.NextIndex(256) - 128;
        return grid;
    }

    private static int Interpolate(int[] grid, int cell, int y, int x)
    {
        int side = GridSide(cell), at = (y / cell * side) + (x / cell), down = y % cell, right = x % cell;
        int above = (grid[at] * (cell - right)) + (grid[at + 1] * right);
        int below = (grid[at + side] * (cell - right)) + (grid[at + side + 1] * right);
        return ((above * (cell - down)) + (below * down)) / (cell * cell);
    }

    private static sbyte[] Mirror(sbyte[] pattern)
    {
        var mirrored = new sbyte[pattern.Length];
        for (int y = 0; y < PatternSide; y++)
        {
            for (int x = 0; x < PatternSide; x++)
            {
                int from = (y * PatternRow) + (x * Channels), to = (y * PatternRow) + ((PatternSide - 1 - x) * Channels);
                pattern.AsSpan(from, Channels).CopyTo(mirrored.AsSpan(to));
            }
        }
        return mirrored;
    }
}
