using System.Numerics.Tensors;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Data;

public class DatasetTests
{
    [Property(MaxTest = 60)]
    public Property Dataset_views_of_views_show_the_right_examples() => Prop.ForAll(
        (from count in Gen.Choose(1, 700) from seed in Gen.Choose(0, 1000) select (count, seed)).ToArbitrary(),
        test =>
        {
            Dataset data = SmallData.Bytes(test.count, 4);
            int[] expected = [.. Enumerable.Range(0, test.count)];
            RandomStream random = RandomKey.FromSeed((ulong)test.seed).Open();
            for (int depth = 0; depth < 4; depth++)
            {
                int middle = random.NextIndex(data.Count + 1);
                switch (random.NextIndex(4))
                {
                    case 0:
                        (data, expected) = (data.Take(middle), expected[..middle]);
                        break;
                    case 1:
                        (data, expected) = (data.Skip(middle), expected[middle..]);
                        break;
                    case 2:
                        data = Dataset.Concatenate(data.Skip(middle), data.Take(middle));
                        expected = [.. expected[middle..], .. expected[..middle]];
                        break;
                    default:
                        int[] chosen = [.. Enumerable.Range(0, data.Count).Where(_ => random.NextIndex(3) > 0)];
                        (data, expected) = (data.Subset(chosen), [.. chosen.Select(i => expected[i])]);
                        break;
                }
            }
            Assert.Equal(expected.Length, data.Count);
            Assert.Equal(expected.Select(i => i % 3), data.Labels.ToArray());
            var rows = new Matrix<float>(data.Count, 4);
            data.GatherRange(0, null, rows.View);
            Assert.Equal(expected, Enumerable.Range(0, data.Count).Select(i => SmallData.IndexOf(rows.Row(i))));
        });

    public static TheoryData<string, Dataset> Kinds
    {
        get
        {
            ByteDataset bytes = SmallData.Bytes(90, 11);
            Matrix<double> numbers = Wide(bytes), targets = new(90, 2);
            for (int i = 0; i < targets.Count; i++)
                targets.AsSpan()[i] = Math.Sin(i);
            return new()
            {
                { "bytes", bytes },
                { "images as bytes", SmallData.Bytes(90, new Shape(6, 5, 3)) },
                { "planar images as bytes, without labels", SmallData.Bytes(90, new Shape(3, 6, 5), classes: 0, order: PixelOrder.Planar) },
                { "numbers", new DenseDataset<double>(numbers, bytes.Labels.ToArray(), 3) },
                { "numbers with targets", new DenseDataset<double>(numbers, targets) },
                { "a view", bytes.Skip(10).Subset([5, 3, 3, 70]) },
                { "several after each other", Dataset.Concatenate(bytes.Take(5), bytes.Skip(7), bytes) },
                { "a stranger's", new WholeExamples() },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dataset_keeps_the_contract(string kind, Dataset dataset)
    {
        Assert.NotEmpty(kind);
        DatasetContract.Check(dataset).ThrowIfFailed();
    }

    [Property(MaxTest = 40)]
    public Property Dataset_Split_puts_every_example_into_exactly_one_part() => Prop.ForAll(
        (from count in Gen.Choose(2, 200) from validation in Gen.Choose(1, count - 1) select (count, validation)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(test.count, 4);
            (Dataset training, Dataset validation) = data.Split(test.validation, RandomKey.FromSeed(1));
            Assert.Equal(test.validation, validation.Count);
            int[] left = Indices(training), right = Indices(validation);
            Assert.Equal(left.Order(), left);
            Assert.Equal(right.Order(), right);
            Assert.Equal(Enumerable.Range(0, test.count), left.Concat(right).Order());
            Assert.Equal(right, Indices(data.Split(test.validation, RandomKey.FromSeed(1)).Validation));
        });

    [Fact]
    public void Dataset_Split_by_another_key_gives_other_parts()
    {
        ByteDataset data = SmallData.Bytes(100, 4);
        Assert.NotEqual(
            Indices(data.Split(30, RandomKey.FromSeed(1)).Validation), Indices(data.Split(30, RandomKey.FromSeed(2)).Validation));
    }

    [Fact]
    public void Dataset_view_copies_no_example()
    {
        var bytes = new byte[6];
        var data = new ByteDataset(bytes, null, new DatasetDescription(2));
        Dataset view = Dataset.Concatenate(data.Skip(1), data).Subset([1, 0]);
        bytes[2] = 7;
        Assert.Equal([0f, 0f, 7f, 0f], SmallData.All(view));
    }

    [Property(MaxTest = 40)]
    public Property Dataset_Gather_normalizes_bytes_in_one_rounding() => Prop.ForAll(
        (from features in Gen.Choose(1, 90) from seed in Gen.Choose(0, 100) select (features, seed)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(3, test.features, seed: (ulong)test.seed);
            RandomStream random = RandomKey.FromSeed((ulong)test.seed).Derive("scales").Open();
            var scale = new float[test.features];
            var offset = new float[test.features];
            for (int i = 0; i < test.features; i++)
            {
                scale[i] = (float)random.NextUniform();
                offset[i] = (float)random.NextUniform() - 1;
            }

            // Into a destination with gaps, which must stay as they are.
            var wide = new Matrix<float>(4, test.features + 3);
            wide.View.Fill(-9);
            data.Gather([2, 0, 2, 1], new FeatureTransform<float>(scale, offset), wide.View.Slice(0, 0, 4, test.features));
            int[] order = [2, 0, 2, 1];
            for (int i = 0; i < 4; i++)
            {
                for (int j = 0; j < test.features; j++)
                    Assert.Equal(MathF.FusedMultiplyAdd(data.Example(order[i])[j], scale[j], offset[j]), wide[i, j]);
                for (int j = 0; j < 3; j++)
                    Assert.Equal(-9, wide[i, test.features + j]);
            }
        });

    [Property(MaxTest = 60)]
    public Property Dataset_GatherFeatures_gives_a_window_of_all_features() => Prop.ForAll(
        (from features in Gen.Choose(1, 90)
         from first in Gen.Choose(0, features - 1)
         from count in Gen.Choose(0, features - first)
         from examples in Gen.Choose(0, 9)
         from kind in Gen.Choose(0, 2)
         from normalizes in Gen.Elements(true, false)
         select (features, first, count, examples, kind, normalizes)).ToArbitrary(),
        test =>
        {
            ByteDataset bytes = SmallData.Bytes(12, test.features);
            Dataset data = test.kind switch
            {
                0 => bytes.Skip(2),
                1 => Dataset.Concatenate(bytes.Take(5), bytes.Skip(7)),
                _ => new DenseDataset<double>(Wide(bytes), bytes.Labels.ToArray(), 3),
            };
            Assert.True(data.GathersFeatures);
            int[] order = [.. Enumerable.Range(0, test.examples).Select(i => (i * 7) % data.Count)];
            FeatureTransform<float>? transform = test.normalizes ? Normalization.PerFeature(data).Build<float>() : null;
            Matrix<float> all = new(test.examples, test.features), some = new(test.examples, test.count + 1);
            data.Gather(order, transform, all.View);
            some.View.Fill(-9);
            data.GatherFeatures(order, transform, test.first, some.View.Slice(0, 0, test.examples, test.count));
            for (int i = 0; i < test.examples; i++)
                Assert.Equal([.. all.Row(i).Slice(test.first, test.count), -9], some.Row(i).ToArray());
        });

    [Fact]
    public void Dataset_GatherFeatures_outside_the_features_is_refused()
    {
        ByteDataset data = SmallData.Bytes(3, 5);
        var to = new Matrix<float>(1, 3);
        data.GatherFeatures([2], null, 2, to.View);
        Assert.Contains("from feature 3 on", Assert.Throws<ArgumentException>(() => data.GatherFeatures([2], null, 3, to.View)).Message);
        Assert.Throws<ArgumentException>(() => data.GatherFeatures([2], null, -1, to.View));
        Assert.Throws<ArgumentException>(() => data.GatherFeatures([1, 2], null, 0, to.View));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GatherFeatures([3], null, 0, to.View));
        Assert.Throws<ArgumentException>(() => data.GatherFeatures([2], new FeatureTransform<float>([1], [1]), 0, to.View));
        var plain = new WholeExamples();
        Assert.False(plain.GathersFeatures || plain.Take(1).GathersFeatures || Dataset.Concatenate(plain, plain).GathersFeatures);
        Assert.Contains(
            nameof(WholeExamples), Assert.Throws<NotSupportedException>(() => plain.GatherFeatures([0], null, 0, to.View)).Message);
    }

    [Fact]
    public void DenseDataset_examples_and_targets_are_gathered_at_either_precision()
    {
        var data = DenseDataset<double>.FromArray(new[,] { { 0.1, 2 }, { 3, 4 }, { 5, 6 } }, new[,] { { 1.5 }, { 2.5 }, { 0.1 } });
        Assert.Equal(0, data.Classes);
        Assert.Equal(1, data.TargetWidth);
        Dataset view = Dataset.Concatenate(data, data).Subset([3, 2]);
        var rows = new Matrix<float>(2, 2);
        var targets = new Matrix<float>(2, 1);
        view.Gather([0, 1], rows.View);
        view.GatherTargets([0, 1], targets.View);
        Assert.Equal([0.1f, 2, 5, 6], rows.AsSpan().ToArray());
        Assert.Equal([1.5f, 0.1f], targets.AsSpan().ToArray());
        using var loader = new BatchLoader<double>(data, 2, RandomKey.FromSeed(1), new() { Shuffle = false });
        Batch<double> batch = loader.Next();
        Assert.Equal([0.1, 2, 3, 4], batch.FeatureView.AsSpan().ToArray());
        Assert.Equal([1.5, 2.5], batch.TargetView.AsSpan().ToArray());
        batch = loader.Next();
        Assert.Equal([0.1], batch.TargetView.AsSpan().ToArray());
        Assert.True(batch.LabelView.IsEmpty);
        batch.FillRange(data, 1, 2, null);
        Assert.Equal([2.5, 0.1], batch.TargetView.AsSpan().ToArray());
    }

    [Fact]
    public void DenseDataset_FromTensor_takes_further_axes_for_the_shape_of_an_example()
    {
        Tensor<float> images = Tensor.Create<float>([.. Enumerable.Range(0, 24).Select(i => (float)i)], [2, 2, 2, 3]);
        DenseDataset<float> data = DenseDataset<float>.FromTensor(images, [1, 0], 2);
        Assert.Equal(new Shape(2, 2, 3), data.ExampleShape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (float)i), SmallData.All(data));
        DenseDataset<float> regression = DenseDataset<float>.FromTensor(images, Tensor.Create<float>([5, 6, 7, 8], [2, 2]));
        Assert.Equal(2, regression.TargetWidth);
        Assert.Contains("at least two axes", Assert.Throws<ArgumentException>(
            () => DenseDataset<float>.FromTensor(Tensor.Create<float>([1, 2], [2]), [0, 0], 1)).Message);
    }

    [Fact]
    public void Dataset_with_wrong_lengths_labels_or_buffers_is_refused_with_what_was_found()
    {
        ByteDataset data = SmallData.Bytes(10, 4);
        Assert.Contains(
            "4 bytes each; found 7 bytes, 3 too many", Message(() => new ByteDataset(new byte[7], null, new DatasetDescription(4))));
        Assert.Contains(
            "2 examples of 3 classes have 2 labels; found 1",
            Message(() => new ByteDataset(new byte[2], [0], new DatasetDescription(1) { Classes = 3 })));
        Assert.Contains(
            "from 0 to 2; example 1 has 3", Message(() => new ByteDataset(new byte[2], [0, 3], new DatasetDescription(1) { Classes = 3 })));
        Assert.Contains(
            "found 2", Message(() => new ByteDataset([], null, new DatasetDescription(1) { Classes = 3, ClassNames = ["a", "b"] })));
        Assert.Contains("from 0 to 9; found 10 at position 1", Message(() => data.Gather([0, 10], new Matrix<float>(2, 4).View)));
        Assert.Contains("fill [2, 4]; found [2, 3]", Message(() => data.Gather([0, 1], new Matrix<float>(2, 3).View)));
        Assert.Contains("4 features", Message(() => data.Gather([0], new FeatureTransform<float>([1], [1]), new Matrix<float>(1, 4).View)));
        Assert.Contains(
            "no real-valued targets",
            Assert.Throws<InvalidOperationException>(() => data.GatherTargets([0], new Matrix<float>(1, 1).View)).Message);
        Assert.Contains("11 examples from 0 on do not lie within the 10", Message(() => data.Take(11)));
        Assert.Contains("fewer than all of the 10", Message(() => data.Split(11, RandomKey.FromSeed(1))));
        Assert.Contains("found -1", Message(() => data.Subset([0, -1])));
        Assert.Contains(
            "the first has [4], ChannelsLast, 3, 0, number 1 (from 0) has [5]",
            Message(() => Dataset.Concatenate(data, SmallData.Bytes(3, 5))));
        Assert.Contains("targets must be [2, 1]", Message(() => DenseDataset<float>.FromArray(new float[2, 2], new float[3, 1])));
        Assert.Contains("room for 5 examples; found 6", Message(() => new Batch<float>(5, data.Description).FillRange(data, 0, 6, null)));
        Assert.Contains(
            "made for 5 features", Message(() => new Batch<float>(5, SmallData.Bytes(1, 5).Description).FillRange(data, 0, 5, null)));
    }

    private static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static int[] Indices(Dataset dataset)
    {
        var rows = new Matrix<float>(dataset.Count, 4);
        dataset.GatherRange(0, null, rows.View);
        return [.. Enumerable.Range(0, dataset.Count).Select(i => SmallData.IndexOf(rows.Row(i)))];
    }

    private static Matrix<double> Wide(Dataset data)
    {
        var all = new Matrix<double>(data.Count, data.ExampleShape.Count);
        data.GatherRange(0, null, all.View);
        return all;
    }
}
