using DeepLearn.Data;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Data;

public class DatasetFromArrayTests
{
    [Fact]
    public void Dataset_of_an_array_of_bytes_holds_bytes_and_takes_the_shape_that_is_given()
    {
        NumericArray images = NumericArray.Of<byte>([.. Enumerable.Range(0, 24).Select(i => (byte)i)], 2, 3, 4);
        Dataset data = Dataset.FromArray<float>(images, NumericArray.Of<long>([1, 0]), exampleShape: new Shape(3, 4, 1));
        Assert.True(data.HoldsBytes);
        Assert.Equal(new Shape(3, 4, 1), data.ExampleShape);
        Assert.Equal([1, 0], data.Labels.ToArray());
        Assert.Equal(12, data.Bytes(1).Span[0]);
        Assert.Equal(new Shape(3, 4), Dataset.FromArray<float>(images).ExampleShape);
    }

    [Fact]
    public void Dataset_of_arrays_has_targets_of_one_or_two_axes()
    {
        NumericArray features = NumericArray.Of<double>([1, 2, 3, 4, 5, 6], 3, 2);
        Dataset one = Dataset.FromArrays<float>(features, NumericArray.Of<int>([7, 8, 9]));
        Assert.Equal((1, 3), (one.TargetWidth, one.Count));
        Dataset two = Dataset.FromArrays<double>(features, NumericArray.Of<double>([1, 2, 3, 4, 5, 6], 3, 2));
        var targets = new Matrix<double>(1, 2);
        two.GatherTargets([2], targets.View);
        Assert.Equal([5, 6], targets.AsSpan().ToArray());
    }

    [Fact]
    public void DenseDataset_FromArrays_takes_targets_as_the_data_sets_base_does()
    {
        DenseDataset<double> rows = DenseDataset<double>.FromArrays(new double[,] { { 1, 2 }, { 3, 4 } }, new double[,] { { 5 }, { 6 } });
        DenseDataset<double> read = DenseDataset<double>.FromArrays(
            NumericArray.Of<double>([1, 2, 3, 4], 2, 2), NumericArray.Of<long>([5, 6]));
        foreach (Dataset data in (Dataset[])[rows, read])
        {
            var targets = new Matrix<double>(2, 1);
            data.GatherTargets([0, 1], targets.View);
            Assert.Equal([5, 6], targets.AsSpan().ToArray());
        }
    }

    [Theory]
    [InlineData(3, 3, 100_000, false)]         // prices
    [InlineData(1000, 200, 37, false)]         // prices of many rows
    [InlineData(20_000, 3, 3000, false)]
    [InlineData(100, 43, 1, false)]            // fewer than 5 examples of each
    [InlineData(50, 10, 11, false)]            // a few examples of 100 classes
    [InlineData(1, 1, 9, true)]
    [InlineData(10, 10, 1, true)]
    [InlineData(215, 43, 1, true)]
    [InlineData(200, 2, 77, true)]             // of 78 classes the first and the last
    [InlineData(5000, 1000, 1, true)]
    public void Dataset_of_labels_that_look_like_numbers_to_be_predicted_is_refused_unless_their_number_is_given(
        int rows, int different, int distance, bool isTaken)
    {
        int[] labels = rows == 1 ? [distance] : [.. Enumerable.Range(0, rows).Select(row => (row % different) * distance)];
        NumericArray features = NumericArray.Of<float>(new float[labels.Length], labels.Length, 1), given = NumericArray.Of<int>(labels);
        if (isTaken)
        {
            Assert.Equal(labels.Max() + 1, Dataset.FromArray<float>(features, given).Classes);
            return;
        }
        string message = Assert.Throws<InvalidDataException>(() => Dataset.FromArray<float>(features, given)).Message;
        Assert.Contains($"up to {labels.Max()} in {labels.Length} examples: they look like numbers to be predicted", message);
        Assert.Contains("Dataset.FromArrays", message);
        Assert.Contains($"the argument classes ({labels.Max() + 1}, or as many as there are)", message);
        Assert.Equal(labels.Max() + 1, Dataset.FromArray<float>(features, given, labels.Max() + 1).Classes);
        Assert.Equal(1, Dataset.FromArrays<double>(features, given).TargetWidth);
    }

    [Fact]
    public void Dataset_of_arrays_that_do_not_fit_is_refused()
    {
        NumericArray features = NumericArray.Of<float>([1, 2, 3, 4, 5, 6], 3, 2);
        Refused("expected 3 labels", () => Dataset.FromArray<float>(features, NumericArray.Of<int>([0, 1])));
        Refused("element 2: a label is from 0 to 1; found 2", () => Dataset.FromArray<float>(features, NumericArray.Of<int>([0, 1, 2]), 2));
        Refused("found -1", () => Dataset.FromArray<float>(features, NumericArray.Of<int>([0, -1, 2])));
        Refused("expected examples of shape [3]", () => Dataset.FromArray<float>(features, exampleShape: 3));
        Refused("expected targets of the shape [3]", () => Dataset.FromArrays<float>(features, NumericArray.Of<int>([0, 1])));
        Refused("found the extents [3, 0]", () => Dataset.FromArray<float>(NumericArray.Of<float>([], 3, 0)));
        Refused("beyond the range", () => Dataset.FromArray<float>(NumericArray.Of<double>([1e300], 1, 1)));

        static void Refused(string message, Action action) => Assert.Contains(message, Assert.Throws<InvalidDataException>(action).Message);
    }
}
