using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Data.Cifar;

/// <summary>On the real files, where the environment variable names them.</summary>
public class RealCifar10Tests
{
    [Fact]
    public void Cifar10Files_real_collection_has_published_counts_names_and_means()
    {
        DatasetCollection data = Load();
        Assert.Equal(50_000, data.Training.Count);
        Assert.Equal(10_000, data.Test.Count);
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], data.ClassNames);
        var perClass = new int[10];
        foreach (int label in data.Training.Labels)
            perClass[label]++;
        Assert.All(perClass, count => Assert.Equal(5000, count));

        // CIFAR-10's published means of the red, green and blue channel: 0.4914, 0.4822, 0.4465; standard deviations 0.2470, 0.2435,
        // 0.2616.
        Normalization channels = Normalization.PerChannel(data.Training);
        double[] mean = [0.4914, 0.4822, 0.4465], deviation = [0.2470, 0.2435, 0.2616];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(mean[i], channels.Mean[i] / 255, 1e-4);
            Assert.Equal(deviation[i], channels.StandardDeviation[i] / 255, 1e-4);
        }
    }

    [Fact]
    public void Normalization_of_real_CIFAR10_gives_mean_zero_and_standard_deviation_one()
    {
        (Dataset training, _) = Load().Training.Split(1000, RandomKey.FromSeed(1));
        FeatureTransform<double> transform = Normalization.PerFeature(training).Build<double>();
        var rows = new Matrix<double>(1000, 3072);
        var sums = new double[3072];
        var squares = new double[3072];
        for (int first = 0; first < training.Count; first += 1000)
        {
            training.GatherRange(first, transform, rows.View);
            for (int i = 0; i < 1000; i++)
            {
                Span<double> row = rows.Row(i);
                for (int j = 0; j < row.Length; j++)
                {
                    sums[j] += row[j];
                    squares[j] += row[j] * row[j];
                }
            }
        }
        for (int j = 0; j < sums.Length; j++)
        {
            Assert.Equal(0, sums[j] / training.Count, 1e-10);
            Assert.Equal(1, squares[j] / training.Count, 1e-10);
        }
    }

    private static DatasetCollection Load()
    {
        string? path = Environment.GetEnvironmentVariable(Cifar10Source.DefaultVariable);
        if (string.IsNullOrEmpty(path))
            Assert.Skip($"{Cifar10Source.DefaultVariable} names no folder with CIFAR-10.");
        return Cifar10Files.Load(path, cancellationToken: TestContext.Current.CancellationToken);
    }
}
