using DeepLearn.Data;
using DeepLearn.Data.Mapped;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Data;

/// <summary>Images of PyTorch are planar: what takes them for rows of many channels is refused.</summary>
public sealed class PixelOrderTests : IDisposable
{
    private static readonly Sequential Network = new(new Convolution2D(4, 3), new Relu(), new GlobalAveragePool(), new Dense(2));

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-order-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(3, 6, 6)]
    [InlineData(1, 28, 28)]
    [InlineData(4, 8, 5)]
    public void Array_of_examples_that_look_planar_is_refused_where_nothing_is_said(int channels, int height, int width)
    {
        NumericArray images = Images(channels, height, width), targets = NumericArray.Of<float>([1, 2]);
        string path = Path.Combine(_folder, "images.npy");
        NpyFile.Write(path, images);
        var tensor = System.Numerics.Tensors.Tensor.Create(new float[2 * channels * height * width], [2, channels, height, width]);
        Refuses(() => Dataset.FromArray<float>(images), "an array");
        Refuses(() => Dataset.FromArrays<float>(images, targets), "an array");
        Refuses(() => MappedDataset.Open(path).Dispose(), path);
        Refuses(() => MappedDataset.OpenWithTargets(path, targets).Dispose(), path);
        Refuses(() => DenseDataset<float>.FromTensor(tensor, [0, 1], 2), "a tensor");
        Refuses(() => DenseDataset<float>.FromTensor(tensor, tensor), "a tensor");

        var shape = new Shape(channels, height, width);
        Assert.Equal(shape, Dataset.FromArray<float>(images, order: PixelOrder.ChannelsLast).ExampleShape);
        Assert.Equal(PixelOrder.Planar, Dataset.FromArray<float>(images, order: PixelOrder.Planar).Description.Order);
        Assert.Equal(PixelOrder.Planar, Dataset.FromArrays<float>(images, targets, PixelOrder.Planar).Description.Order);
        Assert.Equal(PixelOrder.Planar, DenseDataset<float>.FromTensor(tensor, [0, 1], 2, PixelOrder.Planar).Description.Order);
        Assert.Equal(PixelOrder.Planar, DenseDataset<float>.FromTensor(tensor, tensor, PixelOrder.Planar).Description.Order);
        using MappedDataset mapped = MappedDataset.Open(path, order: PixelOrder.Planar);
        Assert.Equal(PixelOrder.Planar, mapped.Description.Order);
        using MappedDataset others = MappedDataset.OpenWithTargets(path, targets, PixelOrder.Planar);
        Assert.Equal(PixelOrder.Planar, others.Description.Order);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.FromArray<float>(images, order: (PixelOrder)7));

        void Refuses(Action make, string source) => Assert.StartsWith(
            $"{source}: examples of shape [{channels}, {height}, {width}] look like planar images",
            Assert.Throws<InvalidDataException>(make).Message);
    }

    [Theory]
    [InlineData(6, 6, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(8, 6, 16)]
    public void Array_of_examples_that_do_not_look_planar_is_channels_last(int height, int width, int channels) =>
        Assert.Equal(PixelOrder.ChannelsLast, Dataset.FromArray<float>(Images(height, width, channels)).Description.Order);

    [Fact]
    public void Trainer_of_convolutions_refuses_planar_images_and_takes_them_turned()
    {
        NumericArray images = Images(3, 6, 6), labels = NumericArray.Of<int>([0, 1]);
        Dataset planar = Dataset.FromArray<float>(images, labels, order: PixelOrder.Planar);
        var plan = new TrainingPlan { Schedule = 0.05, Length = TrainingLength.Steps(3) };
        foreach (Layer network in new Layer[]
        {
            Network,
            new Sequential(new Relu(), new BatchNorm(), new Dense(2)),
            new Sequential(new Residual(new Sequential(new Convolution2D(6, 1))), new Dense(2)),
            new Sequential(new MaxPool(2), new Dense(2)),
            new Sequential(new AveragePool(2), new Dense(2)),
            new Ensemble(EnsembleCombination.Average, new Dense(2), Network),
            new TestTimeAugmentation(Network, TestTimeAugmentation.Mirrors()),
            new TestTimeAugmentation(new Dense(2), TestTimeAugmentation.Mirrors()),
        })
        {
            Model<float> wrong = network.Build<float>(planar.ExampleShape, 1);
            string message = Assert.Throws<ArgumentException>(() => new Trainer<float>(wrong, plan, planar)).Message;
            Assert.Contains("those of the training set are planar, [channels, height, width], [3, 6, 6]", message);
            Assert.Contains("InOrder(PixelOrder.ChannelsLast)", message);
        }

        // Whatever the order, weights of a dense layer are one for each number.
        Model<float> flat = new Sequential(new Flatten(), new Dense(2)).Build<float>(planar.ExampleShape, 1);
        using var dense = new Trainer<float>(flat, plan, planar);

        Dataset turned = planar.InOrder(PixelOrder.ChannelsLast);
        Dataset copied = new DenseDataset<float>(
            SmallData.Rows(turned), turned.Labels.ToArray(), null, turned.Description);
        Assert.Equal(new Shape(6, 6, 3), turned.ExampleShape);
        Assert.Equal(Trained(copied, plan), Trained(turned, plan));
    }

    [Fact]
    public void Trainer_of_convolutions_refuses_images_of_other_extents_with_as_many_numbers()
    {
        var data = new ByteDataset(new byte[2 * 72], [0, 1], new DatasetDescription(new Shape(4, 6, 3)) { Classes = 2 });
        var plan = new TrainingPlan { Schedule = 0.05, Length = TrainingLength.Steps(3) };
        Model<float> other = Network.Build<float>(new Shape(6, 4, 3), 1);
        Assert.Contains(
            "takes images of [6, 4, 3]; those of the training set are [4, 6, 3]",
            Assert.Throws<ArgumentException>(() => new Trainer<float>(other, plan, data)).Message);
    }

    private static string Trained(Dataset data, TrainingPlan plan)
    {
        Model<float> model = Network.Build<float>(data.ExampleShape, 1);
        using var trainer = new Trainer<float>(model, plan with { Normalization = Normalization.PerChannel(data) }, data);
        trainer.Run();
        return model.Sha256();
    }

    private static NumericArray Images(params int[] shape)
    {
        var numbers = new float[2 * shape[0] * shape[1] * shape[2]];
        RandomStream random = RandomKey.FromSeed(3).Open();
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = random.NextIndex(256) / 256f;
        return NumericArray.Of<float>(numbers, [2, .. shape]);
    }
}
