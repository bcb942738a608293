using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Data;

/// <summary>Small data sets whose examples say which they are.</summary>
internal static class SmallData
{
    /// <summary>Random bytes, example i beginning with the bytes of i; label i mod classes.</summary>
    public static ByteDataset Bytes(int count, Shape shape, int classes = 3, ulong seed = 1, PixelOrder order = PixelOrder.ChannelsLast)
    {
        var bytes = new byte[count * shape.Count];
        RandomStream random = RandomKey.FromSeed(seed).Open();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.NextIndex(256);
        for (int i = 0; i < count; i++)
        {
            bytes[i * shape.Count] = (byte)i;
            if (shape.Count > 1)
                bytes[(i * shape.Count) + 1] = (byte)(i >> 8);
        }
        int[]? labels = classes == 0 ? null : [.. Enumerable.Range(0, count).Select(i => i % classes)];
        return new ByteDataset(bytes, labels, new DatasetDescription(shape) { Classes = classes, Order = order });
    }

    /// <summary>Which example of <see cref="Bytes"/> a raw row is.</summary>
    public static int IndexOf(ReadOnlySpan<float> row) => (int)row[0] + (row.Length > 1 ? 256 * (int)row[1] : 0);

    /// <summary>All raw values of a data set.</summary>
    public static float[] All(Dataset dataset) => Rows(dataset).AsSpan().ToArray();

    /// <summary>All raw values of a data set, a row for each example.</summary>
    public static Matrix<float> Rows(Dataset dataset)
    {
        var all = new Matrix<float>(dataset.Count, dataset.ExampleShape.Count);
        dataset.GatherRange(0, null, all.View);
        return all;
    }
}
