using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tests.Samples;
using DeepLearn.Training.Whitening;
using Xunit;

namespace DeepLearn.Tests.Training.Whitening;

public class PatchWhiteningTests
{
    private static readonly Dataset Images = Smooth(300);

    [Fact]
    public void PatchWhitening_outputs_have_one_variance_and_are_not_correlated()
    {
        Normalization normalization = Normalization.PerChannel(Images);
        PatchWhitening whitening = PatchWhitening.Of(Images, new Extent2D(2, 3), normalization);
        Assert.Equal(2 * 3 * 2, whitening.Eigenvalues.Count);
        Assert.Equal(whitening.Eigenvalues.OrderDescending(), whitening.Eigenvalues);
        Convolution2D layer = whitening.ToConvolution(1e-9, hasBothSigns: false);
        Model<double> model = layer.Build<double>(Images.ExampleShape, seed: 1);
        var batch = new Batch<double>(300, Images.Description);
        batch.FillRange(Images, 0, 300, normalization.Build<double>());
        Matrix<double> outputs = model.Predict(batch.FeatureView);
        int filters = layer.Filters, positions = outputs.Count / filters;
        for (int i = 0; i < filters; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int position = 0; position < positions; position++)
                    sum += outputs.AsSpan()[(position * filters) + i] * outputs.AsSpan()[(position * filters) + j];
                Assert.Equal(i == j ? 1 : 0, sum / positions, 1e-5);
            }
        }
    }

    [Fact]
    public void PatchWhitening_filters_of_both_signs_are_scaled_by_their_eigenvalues()
    {
        PatchWhitening whitening = PatchWhitening.Of(Images, 2);
        Convolution2D layer = whitening.ToConvolution(0.5);
        var given = (GivenInitializer)layer.Weights;
        Assert.Equal((8, 16, 16), (given.Rows, given.Columns, layer.Filters));
        for (int direction = 0; direction < 8; direction++)
        {
            double[] filter = [.. Enumerable.Range(0, 8).Select(row => given.Values[(row * 16) + direction])];
            Assert.Equal(filter.Select(weight => -weight), Enumerable.Range(0, 8).Select(row => given.Values[(row * 16) + 8 + direction]));
            Assert.Equal(1 / (whitening.Eigenvalues[direction] + 0.5), filter.Sum(weight => weight * weight), 1e-9);
            Assert.True(filter.MaxBy(Math.Abs) > 0);
        }
    }

    [Fact]
    public void PatchWhitening_is_a_function_of_the_first_images_and_saved_with_the_network()
    {
        PatchWhitening whitening = PatchWhitening.Of(Images, 2, images: 100);
        Assert.Equal(whitening, PatchWhitening.Of(Images.Take(100), 2));
        Assert.NotEqual(whitening, PatchWhitening.Of(Images, 2));
        Assert.StartsWith("Whitening of patches of 2x2: 8 directions of ", whitening.ToString());
        var network = new Sequential(whitening.ToConvolution(), new Gelu(), new Dense(3));
        using var folder = new TemporaryFolder();
        network.Build<float>(Images.ExampleShape, seed: 1).Save(folder["whitening.safetensors"]);
        Assert.Equal(network, Model.Load<float>(folder["whitening.safetensors"]).Network);
    }

    [Fact]
    public void PatchWhitening_of_what_has_no_such_patches_is_refused()
    {
        Assert.Contains("found one of 6x2", Assert.Throws<ArgumentException>(() => PatchWhitening.Of(Images, new Extent2D(6, 2))).Message);
        Assert.Contains("at least one image", Assert.Throws<ArgumentException>(() => PatchWhitening.Of(Images.Take(0), 2)).Message);
        Assert.Contains(
            "found examples of [24]", Assert.Throws<ArgumentException>(() => PatchWhitening.Of(TrainingData.Striped(3), 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => PatchWhitening.Of(Images, 2, images: 0));
        Assert.Contains(
            "finite and above 0", Assert.Throws<ArgumentOutOfRangeException>(() => PatchWhitening.Of(Images, 2).ToConvolution(0)).Message);
    }

    /// <summary>Images whose neighboring pixels and channels are alike.</summary>
    private static ByteDataset Smooth(int count)
    {
        var shape = new Shape(5, 4, 2);
        RandomStream random = RandomKey.FromSeed(5).Open();
        var bytes = new byte[count * shape.Count];
        for (int image = 0; image < count; image++)
        {
            double level = 60 + (100 * random.NextUniform()), tilt = 20 * (random.NextUniform() - 0.5);
            for (int i = 0; i < shape.Count; i++)
                bytes[(image * shape.Count) + i] = (byte)(level + (tilt * (i / 2 % 4)) + (20 * random.NextUniform()));
        }
        return new(bytes, new int[count], new DatasetDescription(shape) { Classes = 3 });
    }
}
