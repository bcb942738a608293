using System.Security.Cryptography;
using DeepLearn.Data;
using DeepLearn.Data.Synthetic;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Data.Synthetic;

public class SyntheticImagesTests
{
    [Fact]
    public void SyntheticImages_of_a_seed_have_a_fixed_hash_on_every_machine()
    {
        // The hash was computed once; it holds on every machine, since all of the generation is integer arithmetic.
        Assert.StartsWith(
            "834d15a50e1f8bacc10d6c77815113606f38f844781744cc2b",
            Hash(SyntheticImages.Create(1, 100, 20, cancellationToken: TestContext.Current.CancellationToken)));
        Assert.NotEqual(
            Hash(SyntheticImages.Create(1, 100, 20, cancellationToken: TestContext.Current.CancellationToken)),
            Hash(SyntheticImages.Create(2, 100, 20, cancellationToken: TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void SyntheticImages_of_a_larger_count_begin_with_those_of_a_smaller()
    {
        var few = (ByteDataset)SyntheticImages.Create(1, 5, 1, cancellationToken: TestContext.Current.CancellationToken).Training;
        var many = (ByteDataset)SyntheticImages.Create(1, 20, 1, cancellationToken: TestContext.Current.CancellationToken).Training;
        for (int i = 0; i < few.Count; i++)
        {
            Assert.True(few.Example(i).SequenceEqual(many.Example(i)));
            Assert.Equal(few.Labels[i], many.Labels[i]);
        }
    }

    [Fact]
    public void SyntheticImages_in_both_pixel_orders_are_the_same_images()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var last = (ByteDataset)SyntheticImages.Create(3, 10, 1, PixelOrder.ChannelsLast, token).Training;
        var planar = (ByteDataset)SyntheticImages.Create(3, 10, 1, PixelOrder.Planar, token).Training;
        Assert.Equal(new Shape(32, 32, 3), last.ExampleShape);
        Assert.Equal(new Shape(3, 32, 32), planar.ExampleShape);
        for (int i = 0; i < last.Count; i++)
        {
            for (int j = 0; j < 3072; j++)
                Assert.Equal(last.Example(i)[j], planar.Example(i)[(j % 3 * 1024) + (j / 3)]);
        }
    }

    [Fact]
    public void SyntheticImages_use_all_classes_and_the_whole_range_of_bytes()
    {
        DatasetCollection data = SyntheticImages.Create(1, 1000, 100, cancellationToken: TestContext.Current.CancellationToken);
        var perClass = new int[10];
        var perByte = new int[256];
        for (int i = 0; i < 1000; i++)
        {
            perClass[data.Training.Labels[i]]++;
            foreach (byte value in ((ByteDataset)data.Training).Example(i))
                perByte[value]++;
        }
        Assert.All(perClass, count => Assert.InRange(count, 60, 140));

        // Little is lost by clamping, or the images would be black and white.
        Assert.InRange(perByte[0] + perByte[255], 0, 3072 * 1000 / 20);
        Assert.Equal([200, 200, 200, 200, 200], data.TrainingBatches.Select(batch => batch.Count));
        Assert.Equal("synthetic", data.Name);
        Assert.Equal(10, data.ClassNames.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 1)]
    [InlineData(5, 0)]
    public void SyntheticImages_with_bad_counts_are_refused(int training, int test) =>
        Assert.ThrowsAny<ArgumentException>(
            () => SyntheticImages.Create(1, training, test, cancellationToken: TestContext.Current.CancellationToken));

    private static string Hash(DatasetCollection data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Dataset set in new[] { data.Training, data.Test })
        {
            for (int i = 0; i < set.Count; i++)
            {
                hash.AppendData(((ByteDataset)set).Example(i));
                hash.AppendData([(byte)set.Labels[i]]);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
