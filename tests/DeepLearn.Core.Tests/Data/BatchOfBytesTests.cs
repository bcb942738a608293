using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Data;

/// <summary>A batch of a loader leaves examples in bytes where they are, and nobody who looks at its features notices.</summary>
public class BatchOfBytesTests
{
    private static readonly Dataset Data = SmallData.Bytes(90, new Shape(4, 5, 3));

    public static TheoryData<string> Views => ["whole", "subset", "subset of a subset"];

    [Theory]
    [MemberData(nameof(Views))]
    public void Batch_of_bytes_scaled_equals_its_features(string kind)
    {
        Dataset data = kind switch { "whole" => Data, "subset" => Data.Skip(7), _ => Data.Skip(7).Take(50).Skip(3) };
        Check<float>(data);
        Check<double>(data);
    }

    [Fact]
    public void BatchLoader_leaves_bytes_in_place_only_without_prefetch_and_augmentation()
    {
        BatchLoaderOptions options = new() { Normalization = Normalization.PerFeature(Data) };
        Assert.True(Refers(Data, options));
        Assert.False(Refers(Data, new()));
        Assert.False(Refers(Data, options with { Prefetch = 1 }));
        Assert.False(Refers(Data, options with { Augmentation = new HorizontalFlip() }));
        Assert.False(Refers(new WholeExamples(), new() { Normalization = Normalization.PerFeature(new WholeExamples()) }));

        static bool Refers(Dataset data, BatchLoaderOptions options)
        {
            using WorkerPool workers = Pools.WithProcessorToSpare();
            using var loader = new BatchLoader<float>(data, 10, RandomKey.FromSeed(1), options, workers);
            return loader.Next().InputFor(readsBytes: true).IsBytes;
        }
    }

    [Fact]
    public void Batch_Features_matrix_that_was_kept_shows_every_later_batch()
    {
        using var loader =
            new BatchLoader<float>(Data, 20, RandomKey.FromSeed(1), new() { Normalization = Normalization.PerFeature(Data) });
        Matrix<float> kept = loader.Next().Features;
        for (int i = 0; i < 6; i++)
        {
            Batch<float> batch = loader.Next(), expected = loader.CreateBatch();
            float[] found = Copy<float>(kept.SliceRows(0, batch.Count));
            loader.Load(i + 1, expected);
            Assert.Equal(Copy<float>(expected.FeatureView), found);
        }
    }

    [Fact]
    public void Batch_features_written_over_by_the_user_stay_written()
    {
        using var loader =
            new BatchLoader<float>(Data, 20, RandomKey.FromSeed(1), new() { Normalization = Normalization.PerFeature(Data) });
        Batch<float> batch = loader.Next();
        batch.FeatureView.Fill(3);
        Assert.All(Copy<float>(batch.FeatureView), feature => Assert.Equal(3, feature));
        Assert.All(Copy<float>(batch.Features.SliceRows(0, 20)), feature => Assert.Equal(3, feature));
    }

    [Fact]
    public void Batch_gives_up_its_bytes_only_to_a_caller_that_may_write()
    {
        using var loader =
            new BatchLoader<float>(Data, 20, RandomKey.FromSeed(1), new() { Normalization = Normalization.PerFeature(Data) });
        Batch<float> batch = loader.Next();
        float[] read = Copy<float>(batch.InputFor(readsBytes: false).Numbers);
        Assert.True(batch.InputFor(readsBytes: true).IsBytes);
        Assert.Equal(read, Copy<float>(batch.FeatureView));
        Assert.False(batch.InputFor(readsBytes: true).IsBytes);
        Assert.True(loader.Next().InputFor(readsBytes: true).IsBytes);
        _ = batch.Features;
        Assert.False(batch.InputFor(readsBytes: true).IsBytes);
    }

    [Fact]
    public void Batch_ReferRange_outside_the_data_set_is_refused()
    {
        FeatureTransform<float> transform = Normalization.PerFeature(Data).Build<float>();
        var batch = new Batch<float>(20, Data.Description);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.ReferRange(Data, 80, 11, transform));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.ReferRange(Data, -1, 5, transform));
        Assert.Throws<ArgumentException>(() => batch.ReferRange(Data, 0, 21, transform));
        Assert.Throws<ArgumentException>(() => batch.ReferRange(Data, 0, 5, new FeatureTransform<float>(new float[5], new float[5])));
        batch.ReferRange(Data, 79, 11, transform);
        var expected = new Matrix<float>(11, 60);
        Data.GatherRange(79, transform, expected.View);
        Assert.Equal(expected.AsSpan().ToArray(), Copy<float>(batch.FeatureView));
    }

    private static T[] Copy<T>(ReadOnlyMatrixView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Matrix<T>.CopyOf(view).AsSpan().ToArray();

    private static void Check<T>(Dataset data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var options = new BatchLoaderOptions { Normalization = Normalization.PerFeature(data) };
        using var loader = new BatchLoader<T>(data, 16, RandomKey.FromSeed(5), options);
        Batch<T> expected = loader.CreateBatch();
        for (int step = 0; step < 2 * loader.BatchesPerEpoch; step++)
        {
            Batch<T> batch = loader.Next();
            loader.Load(step, expected);
            ByteRows<T> bytes = batch.InputFor(readsBytes: true).Bytes;
            Assert.False(expected.InputFor(readsBytes: true).IsBytes);
            Assert.Equal((expected.Count, 60), (bytes.Rows, bytes.Columns));
            for (int row = 0; row < bytes.Rows; row++)
            {
                for (int j = 0; j < bytes.Columns; j++)
                {
                    T number = T.CreateTruncating(bytes.Row(row)[j]);
                    Assert.Equal(expected.FeatureView[row, j], T.FusedMultiplyAdd(number, bytes.Scale[j], bytes.Offset[j]));
                }
            }
            Assert.Equal(expected.LabelView.ToArray(), batch.LabelView.ToArray());
            if (step % 2 == 0)
                Assert.Equal(Copy<T>(expected.FeatureView), Copy<T>(batch.FeatureView));
        }
    }
}
