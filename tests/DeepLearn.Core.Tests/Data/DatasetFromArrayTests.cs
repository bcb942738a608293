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
