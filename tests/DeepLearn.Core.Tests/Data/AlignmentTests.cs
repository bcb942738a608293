using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Data;

public class AlignmentTests
{
    private static readonly DenseDataset<double> Training = Parse("b,a,kind\n1,2,x\n3,4,y\n5,6,z\n");

    [Fact]
    public void Dataset_AlignedTo_matches_columns_and_classes_by_name()
    {
        Dataset aligned = Parse("a,b,kind\n20,10,z\n40,30,y\n").AlignedTo(Training.Description);
        Assert.Equal(Training.Description, aligned.Description);
        Assert.Equal([2, 1], aligned.Labels.ToArray());
        Assert.Equal([10f, 20, 30, 40], SmallData.All(aligned));
        Normalization normalization = Normalization.PerFeature(Training);
        var found = new Matrix<float>(1, 2);
        aligned.GatherRange(0, normalization.Build<float>(), found.View);
        Assert.Equal((float)((10 - 3) / Math.Sqrt(8 / 3.0)), found[0, 0], 1e-6f);
        Assert.Equal((float)((20 - 4) / Math.Sqrt(8 / 3.0)), found[0, 1], 1e-6f);
    }

    [Fact]
    public void Dataset_AlignedTo_of_the_same_description_is_the_data_set_itself()
    {
        Dataset same = Training.Take(2);
        Assert.Same(same, same.AlignedTo(Training.Description));
    }

    [Fact]
    public void Dataset_AlignedTo_classes_in_another_order_has_them_also_where_no_label_changes()
    {
        var cats = new DenseDataset<float>(
            new Matrix<float>(2, 1), [0, 0], null, new DatasetDescription(1) { Classes = 3, ClassNames = ["cat", "dog", "bird"] });
        var others = new DatasetDescription(1) { Classes = 3, ClassNames = ["cat", "bird", "dog"] };
        Dataset aligned = cats.AlignedTo(others);
        Assert.Equal(others, aligned.Description);
        Assert.Equal([0, 0], aligned.Labels.ToArray());
    }

    [Theory]
    [InlineData("a,b,kind\n1,2,w\n", "found 'w'")]
    [InlineData("a,c,kind\n1,2,x\n", "expected a feature 'b', as there; found [a, c]")]
    [InlineData("a,b,c,kind\n1,2,3,x\n", "found a further one, 'c'")]
    [InlineData("a,kind\n1,x\n", "expected a feature 'b'")]
    public void Dataset_AlignedTo_what_does_not_fit_is_refused_by_name(string text, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Parse(text).AlignedTo(Training.Description)).Message);

    [Fact]
    public void Dataset_Concatenate_matches_columns_and_classes_by_name()
    {
        Dataset both = Dataset.Concatenate(Training, Parse("a,b,kind\n20,10,z\n40,30,y\n"));
        Dataset aligned = Parse("a,b,kind\n20,10,z\n40,30,y\n").AlignedTo(Training.Description);
        Assert.Equal(Training.Count + 2, both.Count);
        Assert.Equal(aligned.Labels, both.Labels[Training.Count..]);
        Matrix<double> found = new(2, 2), expected = new(2, 2);
        both.Gather<double>([Training.Count, Training.Count + 1], null, found);
        aligned.Gather<double>([0, 1], null, expected);
        Assert.Equal(expected.AsSpan(), found.AsSpan());
        Assert.Throws<ArgumentException>(() => Dataset.Concatenate(Training, Parse("a,b,kind\n20,10,elsewhere\n40,30,y\n")));
    }

    [Fact]
    public void Dataset_AlignedTo_images_in_another_order_of_pixels_turns_them()
    {
        ByteDataset planar = SmallData.Bytes(5, new Shape(3, 4, 2), order: PixelOrder.Planar);
        ByteDataset last = Turned(planar);
        foreach (Dataset aligned in new[] { planar.AlignedTo(last.Description), planar.InOrder(PixelOrder.ChannelsLast) })
        {
            Assert.Equal(last.Description, aligned.Description);
            Assert.Equal(SmallData.All(last), SmallData.All(aligned));
            Normalization expected = Normalization.PerChannel(last), found = Normalization.PerChannel(aligned);
            Assert.Equal(expected, found);
            Matrix<float> numbers = new(5, 24), same = new(5, 24);
            last.GatherRange(0, expected.Build<float>(), numbers.View);
            aligned.GatherRange(0, found.Build<float>(), same.View);
            Assert.Equal(numbers.AsSpan(), same.AsSpan());
        }
        Assert.Equal(SmallData.All(planar), SmallData.All(last.InOrder(PixelOrder.Planar)));
        Assert.Same(planar, planar.InOrder(PixelOrder.Planar));
        Assert.Equal(10, Dataset.Concatenate(last, planar).Count);
        Assert.Equal([.. SmallData.All(last), .. SmallData.All(last)], SmallData.All(Dataset.Concatenate(last, planar)));
    }

    [Fact]
    public void Dataset_AlignedTo_images_of_other_extents_is_refused()
    {
        ByteDataset planar = SmallData.Bytes(2, new Shape(3, 4, 2), order: PixelOrder.Planar);
        string message = Assert.Throws<ArgumentException>(() =>
            planar.AlignedTo(new DatasetDescription(new Shape(2, 4, 3)))).Message;
        Assert.Contains("expected examples of shape [2, 4, 3], ChannelsLast, as there; found [3, 4, 2], Planar", message);
        Assert.Throws<ArgumentException>(() => Training.InOrder(PixelOrder.Planar));
    }

    [Fact]
    public void DatasetDescription_with_a_name_twice_is_refused()
    {
        Refuses(new DatasetDescription(2) { Classes = 2, ClassNames = ["a", "a"] }, "Each class has a name of its own; found 'a' twice");
        Refuses(
            new DatasetDescription(2) { Classes = 2, FeatureNames = ["x", "x"] }, "Each feature has a name of its own; found 'x' twice");

        static void Refuses(DatasetDescription description, string message) => Assert.Contains(
            message,
            Assert.Throws<ArgumentException>(() => new DenseDataset<float>(new Matrix<float>(1, 2), [0], null, description)).Message);
    }

    private static ByteDataset Turned(ByteDataset planar)
    {
        Shape shape = planar.ExampleShape;
        var bytes = new List<byte>();
        for (int i = 0; i < planar.Count; i++)
        {
            for (int pixel = 0; pixel < shape[1] * shape[2]; pixel++)
            {
                for (int channel = 0; channel < shape[0]; channel++)
                    bytes.Add(planar.Example(i)[(channel * shape[1] * shape[2]) + pixel]);
            }
        }
        return new(
            [.. bytes],
            planar.Labels.ToArray(),
            planar.Description.Classes == 0 ? new(new Shape(shape[1], shape[2], shape[0])) : new(new Shape(shape[1], shape[2], shape[0]))
            {
                Classes = planar.Classes,
                ClassNames = planar.Description.ClassNames,
            });
    }

    private static DenseDataset<double> Parse(string text) =>
        CsvFiles.Parse<double>(new StringReader(text), "t.csv", new() { LabelColumn = "kind" }, TestContext.Current.CancellationToken);
}
