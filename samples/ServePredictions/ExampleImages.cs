using System.Buffers.Binary;
using DeepLearn.Data;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>Images of the test set, for the page.</summary>
internal sealed class ExampleImages
{
    private const int Side = 32, Header = 54;

    public int Count { get; } = Math.Min(24, ImageModel.Data.Test.Count);

    /// <summary>The pixels: row by row, red, green and blue.</summary>
    public ReadOnlyMemory<byte> Pixels(int index) => ImageModel.Data.Test.Bytes(index);

    /// <summary>The true class.</summary>
    public string ClassOf(int index) => ImageModel.Data.ClassNames.Count > 0
        ? ImageModel.Data.ClassNames[ImageModel.Data.Test.Labels[index]]
        : $"{ImageModel.Data.Test.Labels[index]}";

    /// <summary>The image as a file that a browser shows: BMP, rows from the lowest up, blue, green and red.</summary>
    public byte[] Bitmap(int index)
    {
        ReadOnlySpan<byte> pixels = Pixels(index).Span;
        var file = new byte[Header + pixels.Length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), Header);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), Side);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), Side);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                ReadOnlySpan<byte> from = pixels.Slice(((y * Side) + x) * 3, 3);
                Span<byte> to = file.AsSpan(Header + ((((Side - 1 - y) * Side) + x) * 3), 3);
                (to[0], to[1], to[2]) = (from[2], from[1], from[0]);
            }
        }
        return file;
    }
}
