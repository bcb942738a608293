using System.Buffers.Binary;
using DeepLearn.Samples.ServePredictions.Tests;

namespace DeepLearn.Documentation.Tests.Examples;

/// <summary>The files that an example finds in its folder, where there is no short way to write them: photographs, and MNIST's.</summary>
internal static class GivenFiles
{
    public static void WriteTo(string folder)
    {
        foreach ((string part, int count) in (ReadOnlySpan<(string, int)>)[("train", 3), ("val", 2)])
        {
            foreach (string flower in (ReadOnlySpan<string>)["daisy", "rose"])
            {
                string path = Directory.CreateDirectory(Path.Combine(folder, "flowers", part, flower)).FullName;
                for (int i = 1; i <= count; i++)
                    File.WriteAllBytes(Path.Combine(path, $"{i}.png"), Photo(i));
            }
        }
        File.WriteAllBytes(Path.Combine(folder, "photo.png"), Photo(7));

        string digits = Directory.CreateDirectory(Path.Combine(folder, "mnist")).FullName;
        foreach ((string part, int count) in (ReadOnlySpan<(string, int)>)[("train", 30), ("t10k", 10)])
        {
            WriteIdx(Path.Combine(digits, $"{part}-images-idx3-ubyte"), [count, 28, 28], (i) => i * 7);
            WriteIdx(Path.Combine(digits, $"{part}-labels-idx1-ubyte"), [count], (i) => i % 10);
        }
    }

    private static byte[] Photo(int number)
    {
        byte[] pixels = [.. Enumerable.Range(0, 80 * 90 * 3).Select(i => (byte)(i * number))];
        return Png.Of(80, 90, pixels);
    }

    private static void WriteIdx(string path, int[] shape, Func<int, int> element)
    {
        var bytes = new byte[4 + (4 * shape.Length) + shape.Aggregate(1, (product, extent) => product * extent)];
        (bytes[2], bytes[3]) = (8, (byte)shape.Length);
        for (int i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        for (int i = 4 + (4 * shape.Length); i < bytes.Length; i++)
            bytes[i] = (byte)element(i - 4 - (4 * shape.Length));
        File.WriteAllBytes(path, bytes);
    }
}
