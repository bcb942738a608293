using System.Buffers.Binary;
using System.IO.Compression;

namespace DeepLearn.Samples.ServePredictions.Tests;

/// <summary>Writes a PNG of 8-bit red, green and blue, as an uploader would have it.</summary>
internal static class Png
{
    /// <summary>The file of an image.</summary>
    /// <param name="height">The rows.</param>
    /// <param name="width">The columns.</param>
    /// <param name="pixels">Row by row, red, green and blue.</param>
    public static byte[] Of(int height, int width, ReadOnlySpan<byte> pixels)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk("IHDR"u8, header);
        using var data = new MemoryStream();
        using (var compressed = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                // Each row begins with its filter: none.
                compressed.WriteByte(0);
                compressed.Write(pixels.Slice(y * width * 3, width * 3));
            }
        }
        Chunk("IDAT"u8, data.ToArray());
        Chunk("IEND"u8, []);
        return file.ToArray();

        void Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
            file.Write(number);
            byte[] body = [.. kind, .. content];
            file.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(body));
            file.Write(number);
        }
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
        }
        return ~crc;
    }
}
