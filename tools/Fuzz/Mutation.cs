using System.Buffers.Binary;
using DeepLearn.Foundation;

namespace DeepLearn.Tools.Fuzz;

/// <summary>Damages a file: changes bits, bytes and numbers; removes, repeats or inserts pieces; or cuts off the end.</summary>
public static class Mutation
{
    private static readonly byte[][] Telling =
    [
        [0], [0xFF], [0x7F], [0x80], "\""u8.ToArray(), ","u8.ToArray(), "\n"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(),
        "-1"u8.ToArray(), "1e999"u8.ToArray(), "99999999999999999999"u8.ToArray(), "null"u8.ToArray(), "9223372036854775807"u8.ToArray(),
    ];

    private static readonly long[] Numbers =
        [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 65535, 256];

    /// <summary>A damaged copy.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> seeds, ref RandomStream random)
    {
        var bytes = new List<byte>(seeds[random.NextIndex(seeds.Count)]);
        int changes = 1 + random.NextIndex(random.NextIndex(4) == 0 ? 12 : 3);
        for (int i = 0; i < changes && bytes.Count > 0; i++)
            Change(bytes, seeds, ref random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, IReadOnlyList<byte[]> seeds, ref RandomStream random)
    {
        // Most changes are near the beginning or the end, where headers are.
        int reach = Math.Min(bytes.Count, random.NextIndex(3) == 0 ? bytes.Count : 200);
        int at = random.NextIndex(reach);
        if (random.NextIndex(5) == 0)
            at = bytes.Count - 1 - at;
        int length = Math.Min(1 + random.NextIndex(random.NextIndex(8) == 0 ? 400 : 16), bytes.Count - at);
        switch (random.NextIndex(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.NextIndex(8));
                break;
            case 1:
                bytes[at] = (byte)random.NextBits();
                break;
            case 2:
                bytes.InsertRange(at, Telling[random.NextIndex(Telling.Length)]);
                break;
            case 3:
                byte[] telling = Telling[random.NextIndex(Telling.Length)];
                for (int i = 0; i < telling.Length && at + i < bytes.Count; i++)
                    bytes[at + i] = telling[i];
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7:
                byte[] other = seeds[random.NextIndex(seeds.Count)];
                int from = random.NextIndex(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)).ToArray());
                break;
            default:
                Span<byte> number = stackalloc byte[8];
                long value = Numbers[random.NextIndex(Numbers.Length)];
                int size = 1 << (1 + random.NextIndex(3));
                if (random.NextIndex(2) == 0)
                    BinaryPrimitives.WriteInt64LittleEndian(number, value);
                else
                    BinaryPrimitives.WriteInt64BigEndian(number, value << (64 - (8 * size)));
                for (int i = 0; i < size && at + i < bytes.Count; i++)
                    bytes[at + i] = number[i];
                break;
        }
    }
}
