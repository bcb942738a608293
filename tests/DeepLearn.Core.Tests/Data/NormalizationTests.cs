using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Data;

public class NormalizationTests
{
    [Fact]
    public void Normalization_PerFeature_of_three_examples_equals_a_hand_calculation()
    {
        var data = new ByteDataset([2, 10, 4, 10, 9, 10], null, new DatasetDescription(2));
        Normalization normalization = Normalization.PerFeature(data);

        // 2, 4, 9: mean 5, population variance (9 + 1 + 16) / 3; a feature that never changes is divided by 1.
        Assert.Equal([5, 10], normalization.Mean);
        Assert.Equal([Math.Sqrt(26.0 / 3), 1], normalization.StandardDeviation);
        var rows = new Matrix<double>(3, 2);
        data.GatherRange(0, normalization.Build<double>(), rows.View);
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(i => rows[i, 1]));
        Assert.Equal(-3 / Math.Sqrt(26.0 / 3), rows[0, 0], 1e-15);
    }

    [Property(MaxTest = 40)]
    public Property Normalization_of_the_training_set_gives_mean_zero_and_standard_deviation_one() => Prop.ForAll(
        (from count in Gen.Choose(1, 200)
         from seed in Gen.Choose(0, 1000)
         from isDense in Gen.Elements(true, false)
         select (count, seed, isDense)).ToArbitrary(),
        test =>
        {
            Dataset data = test.isDense ? Dense(test.count, (ulong)test.seed) : SmallData.Bytes(test.count, 6, 0, (ulong)test.seed);
            var rows = new Matrix<double>(test.count, 6);
            data.GatherRange(0, null, rows.View);
            bool[] varies = [.. Enumerable.Range(0, 6).Select(j => Enumerable.Range(0, test.count).Any(i => rows[i, j] != rows[0, j]))];
            data.GatherRange(0, Normalization.PerFeature(data).Build<double>(), rows.View);
            for (int j = 0; j < 6; j++)
            {
                double mean = Enumerable.Range(0, test.count).Average(i => rows[i, j]);
                double square = Enumerable.Range(0, test.count).Average(i => rows[i, j] * rows[i, j]);
                Assert.Equal(0, mean, 1e-6);
                Assert.Equal(varies[j] ? 1 : 0, square, 1e-6);
            }
        });

    [Property(MaxTest = 30)]
    public Property Normalization_of_bytes_is_the_same_in_any_order_of_examples() => Prop.ForAll(
        (from count in Gen.Choose(1, 100) from seed in Gen.Choose(0, 1000) select (count, seed)).ToArbitrary(),
        test =>
        {
            ByteDataset data = SmallData.Bytes(test.count, 6, 3, (ulong)test.seed);
            int[] order = [.. Enumerable.Range(0, test.count)];
            RandomStream random = RandomKey.FromSeed(5).Open();
            random.Shuffle(order.AsSpan());
            Assert.Equal(Normalization.PerFeature(data), Normalization.PerFeature(data.Subset(order)));
            int middle = test.count / 2;
            Assert.Equal(
                Normalization.PerFeature(data), Normalization.PerFeature(Dataset.Concatenate(data.Skip(middle), data.Take(middle))));
        });

    [Fact]
    public void Normalization_of_bytes_agrees_with_the_same_numbers_in_double()
    {
        ByteDataset bytes = SmallData.Bytes(333, 7);
        var rows = new Matrix<double>(333, 7);
        bytes.GatherRange(0, null, rows.View);
        Normalization expected = Normalization.PerFeature(bytes);
        Normalization found = Normalization.PerFeature(new DenseDataset<double>(rows, bytes.Labels.ToArray(), 3));
        for (int j = 0; j < 7; j++)
        {
            Assert.Equal(expected.Mean[j], found.Mean[j], 1e-15 * expected.Mean[j]);
            Assert.Equal(expected.StandardDeviation[j], found.StandardDeviation[j], 1e-15 * expected.StandardDeviation[j]);
        }
    }

    [Fact]
    public void Normalization_with_a_mean_far_above_the_standard_deviation_keeps_its_digits()
    {
        // A sum of squares in double alone would leave nothing of this variance.
        var rows = new Matrix<double>(3, 1);
        (rows[0, 0], rows[1, 0], rows[2, 0]) = (1e9, 1e9 + 1, 1e9 + 2);
        Assert.Equal(
            Math.Sqrt(2.0 / 3), Normalization.PerFeature(new DenseDataset<double>(rows, [0, 0, 0], 1)).StandardDeviation[0], 1e-12);
    }

    [Fact]
    public void Normalization_of_many_examples_does_not_overflow()
    {
        var data = new ByteDataset([255, 0], null, new DatasetDescription(1));
        var indices = new int[140_000];
        indices.AsSpan(0, 70_000).Fill(1);
        Normalization normalization = Normalization.PerFeature(data.Subset(indices));
        Assert.Equal(127.5, normalization.Mean[0]);
        Assert.Equal(127.5, normalization.StandardDeviation[0]);
    }

    [Theory]
    [InlineData(PixelOrder.ChannelsLast)]
    [InlineData(PixelOrder.Planar)]
    public void Normalization_PerChannel_has_one_mean_and_standard_deviation_a_channel(PixelOrder order)
    {
        Shape shape = order == PixelOrder.ChannelsLast ? new(2, 2, 3) : new(3, 2, 2);
        ByteDataset data = SmallData.Bytes(40, shape, order: order);
        Normalization normalization = Normalization.PerChannel(data);
        for (int channel = 0; channel < 3; channel++)
        {
            int[] features = order == PixelOrder.ChannelsLast
                ? [channel, channel + 3, channel + 6, channel + 9]
                : [channel * 4, (channel * 4) + 1, (channel * 4) + 2, (channel * 4) + 3];
            double[] all = [.. Enumerable.Range(0, 40).SelectMany(i => features.Select(j => (double)data.Example(i)[j]))];
            double mean = all.Average(), variance = all.Average(x => (x - mean) * (x - mean));
            foreach (int feature in features)
            {
                Assert.Equal(mean, normalization.Mean[feature], 1e-12);
                Assert.Equal(Math.Sqrt(variance), normalization.StandardDeviation[feature], 1e-12);
            }
        }
        Assert.Contains(
            "[height, width, channels]", Assert.Throws<ArgumentException>(() => Normalization.PerChannel(SmallData.Bytes(4, 5))).Message);
    }

    [Fact]
    public void Normalization_UnitRange_maps_bytes_to_zero_to_one()
    {
        var data = new ByteDataset([0, 51, 255], null, new DatasetDescription(1));
        var rows = new Matrix<float>(3, 1);
        data.GatherRange(0, Normalization.UnitRange(1).Build<float>(), rows.View);
        Assert.Equal(0, rows[0, 0]);
        Assert.Equal(0.2f, rows[1, 0], 1e-7f);
        Assert.Equal(1, rows[2, 0], 1e-7f);
    }

    [Theory]
    [InlineData(2.23, 85)]
    [InlineData(0.1, 3)]
    [InlineData(1234.567, 1000)]
    [InlineData(-1.7e9 - 0.3, 77)]
    [InlineData(1e-160, 10)]
    [InlineData(3e100, 7)]
    public void Normalization_of_a_constant_column_of_doubles_gives_exactly_zero(double value, int count)
    {
        var rows = new Matrix<double>(count, 1);
        rows.View.Fill(value);
        var data = new DenseDataset<double>(rows, new int[count], 1);
        Normalization normalization = Normalization.PerFeature(data);
        Assert.Equal(value, normalization.Mean[0]);
        Assert.Equal(1, normalization.StandardDeviation[0]);
        Assert.All(Gathered<float>(data, normalization), x => Assert.Equal(0, x));
        Assert.All(Gathered<double>(data, normalization), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Normalization_of_every_two_decimal_constant_is_exactly_zero()
    {
        for (int hundredths = 1; hundredths < 1000; hundredths++)
        {
            double value = hundredths / 100.0;
            var moments = new FeatureMoments(1);
            for (int i = 0; i < 85; i++)
                moments.Add([value]);
            Assert.Equal((value, 0.0), moments.Of(0));
        }
    }

    [Theory]
    [InlineData(1.7e9, 1e3)]
    [InlineData(-40_000, 0.25)]
    [InlineData(1e12, 3)]
    public void Normalization_of_doubles_with_a_large_mean_costs_no_digits_in_float(double mean, double spread)
    {
        var rows = new Matrix<double>(101, 1);
        for (int i = 0; i < rows.Rows; i++)
            rows[i, 0] = mean + (spread * Math.Sin(i));
        AssertStandardized(new DenseDataset<double>(rows, new int[101], 1));
    }

    [Fact]
    public void Normalization_of_floats_with_a_large_mean_costs_no_digits_in_float()
    {
        // Every float is exact data: the standardized value may be off by its own rounding alone.
        var rows = new Matrix<float>(101, 1);
        for (int i = 0; i < rows.Rows; i++)
            rows[i, 0] = 16_000_000 + (i * i % 37);
        AssertStandardized(new DenseDataset<float>(rows, new int[101], 1));
    }

    [Fact]
    public void Normalization_of_bytes_beside_doubles_equals_that_of_all_as_doubles()
    {
        var bytes = new ByteDataset([7, 200, 7, 30, 7, 1], null, new DatasetDescription(2));
        var rows = Matrix<double>.FromArray(new double[,] { { 7, 0.5 }, { 7, 90.25 } });
        var numbers = new DenseDataset<double>(rows, null, null, new DatasetDescription(2));
        var all = Matrix<double>.FromArray(new double[,] { { 7, 200 }, { 7, 30 }, { 7, 1 }, { 7, 0.5 }, { 7, 90.25 } });
        Normalization expected = Normalization.PerFeature(new DenseDataset<double>(all, null, null, new DatasetDescription(2)));
        foreach (Dataset mixed in new[] { Dataset.Concatenate(bytes, numbers), Dataset.Concatenate(numbers, bytes) })
        {
            Normalization found = Normalization.PerFeature(mixed);
            Assert.Equal((7, 1), (found.Mean[0], found.StandardDeviation[0]));
            Assert.Equal(expected.Mean[1], found.Mean[1], 1e-14 * expected.Mean[1]);
            Assert.Equal(expected.StandardDeviation[1], found.StandardDeviation[1], 1e-14 * expected.StandardDeviation[1]);
        }
    }

    [Fact]
    public void Normalization_PerChannel_of_a_constant_channel_of_doubles_gives_exactly_zero()
    {
        var rows = new Matrix<double>(9, 8);
        for (int i = 0; i < rows.Count; i++)
            rows.AsSpan()[i] = i % 2 == 0 ? 2.23 : i;
        var data = new DenseDataset<double>(rows, null, null, new DatasetDescription(new Shape(2, 2, 2)));
        Normalization normalization = Normalization.PerChannel(data);
        float[] found = Gathered<float>(data, normalization);
        Assert.All(Enumerable.Range(0, 36), i => Assert.Equal(0, found[2 * i]));
        Assert.Equal(1, Enumerable.Range(0, 36).Average(i => (double)found[(2 * i) + 1] * found[(2 * i) + 1]), 1e-6);
    }

    [Fact]
    public void FeatureTransform_of_one_example_equals_the_rows_of_a_batch()
    {
        var rows = new Matrix<double>(50, 3);
        for (int i = 0; i < rows.Count; i++)
            rows.AsSpan()[i] = 1e6 + Math.Sin(i * i);
        var data = new DenseDataset<double>(rows, new int[50], 1);
        Normalization normalization = Normalization.PerFeature(data);
        double[] batch = Gathered<double>(data, normalization);
        FeatureTransform<double> transform = normalization.Build<double>();
        for (int i = 0; i < 50; i++)
        {
            double[] example = rows.Row(i).ToArray();
            transform.Apply(example, example);
            Assert.Equal(batch[(3 * i)..(3 * (i + 1))], example);
        }
    }

    private static void AssertStandardized<T>(DenseDataset<T> data)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var rows = new Matrix<double>(data.Count, 1);
        data.GatherRange(0, null, rows.View);
        double[] x = rows.AsSpan().ToArray();
        double mean = x[0] + x.Average(value => value - x[0]), deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)));
        float[] found = Gathered<float>(data, Normalization.PerFeature(data));
        for (int i = 0; i < x.Length; i++)
            Assert.Equal((x[i] - mean) / deviation, found[i], 2e-7);
    }

    private static T[] Gathered<T>(Dataset data, Normalization normalization)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var rows = new Matrix<T>(data.Count, data.ExampleShape.Count);
        data.GatherRange(0, normalization.Build<T>(), rows.View);
        return rows.AsSpan().ToArray();
    }

    [Fact]
    public void Normalization_with_numbers_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Normalization([1.0], [1.0, 2.0]));
        Assert.Contains("feature 1 has 2 and 0", Assert.Throws<ArgumentException>(() => new Normalization([1.0, 2.0], [1.0, 0.0])).Message);
        Assert.Contains("feature 0 has NaN", Assert.Throws<ArgumentException>(() => new Normalization([double.NaN], [1.0])).Message);
        Assert.Throws<ArgumentException>(() => Normalization.UnitRange(3, 0));
        Assert.Contains(
            "at least one example", Assert.Throws<ArgumentException>(() => Normalization.PerFeature(SmallData.Bytes(0, 3))).Message);
        var rows = new Matrix<float>(2, 2);
        rows[1, 1] = float.NaN;
        Assert.Contains("feature 1 has a mean of NaN", Assert.Throws<ArgumentException>(
            () => Normalization.PerFeature(new DenseDataset<float>(rows, [0, 0], 1))).Message);
    }

    private static DenseDataset<double> Dense(int count, ulong seed)
    {
        var rows = new Matrix<double>(count, 6);
        RandomStream random = RandomKey.FromSeed(seed).Open();
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < 5; j++)
                rows[i, j] = (random.NextUniform() * 10) - (3 * j);
            rows[i, 5] = 0.1;
        }
        return new DenseDataset<double>(rows, new int[count], 1);
    }
}
