using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Data;

/// <summary>Weights of examples go with their examples through views and batches.</summary>
public class ExampleWeightsTests
{
    private static readonly Dataset Plain = SmallData.Bytes(6, new Shape(2, 2, 1), classes: 3);
    private static readonly Dataset Weighted = Plain.WithWeights([0, 1, 2, 3, 4, 5]);

    [Fact]
    public void Views_of_a_weighted_data_set_keep_the_weights_of_their_examples()
    {
        Assert.True(Plain.Weights.IsEmpty);
        Assert.Equal([0, 1, 2, 3, 4, 5], Weighted.Weights.ToArray());
        Assert.Equal([4, 1, 1], Weighted.Subset([4, 1, 1]).Weights.ToArray());
        Assert.Equal([5, 3], Weighted.Skip(3).Subset([2, 0]).Weights.ToArray());
        Assert.Equal([4, 5, 1, 1], Dataset.Concatenate(Weighted.Skip(4), Plain.Take(2)).Weights.ToArray());
        Assert.True(Dataset.Concatenate(Plain, Plain).Weights.IsEmpty);
        Assert.Equal([2, 2, 2], Weighted.Take(3).WithWeights([2, 2, 2]).Weights.ToArray());
        (Dataset training, Dataset validation) = Splits.ByFraction(Weighted, 0.5, RandomKey.FromSeed(1));
        Assert.Equal(15, training.Weights.ToArray().Sum() + validation.Weights.ToArray().Sum());
        Assert.Equal(SmallData.All(Plain), SmallData.All(Weighted));
        Assert.True(Weighted.HoldsBytes);
    }

    [Fact]
    public void Data_set_aligned_to_another_keeps_its_weights()
    {
        var source = new DenseDataset<double>(
            Matrix<double>.FromArray(new double[,] { { 1, 2 }, { 3, 4 } }),
            [0, 1],
            null,
            new DatasetDescription(2) { Classes = 2, ClassNames = ["a", "b"], FeatureNames = ["x", "y"] });
        Dataset aligned = source.WithWeights([3, 5]).AlignedTo(
            new DatasetDescription(2) { Classes = 2, ClassNames = ["b", "a"], FeatureNames = ["y", "x"] });
        Assert.Equal([3, 5], aligned.Weights.ToArray());
    }

    [Fact]
    public void Batches_have_the_weights_of_their_examples()
    {
        var batch = new Batch<float>(4, Plain.Description);
        batch.Fill(Weighted, [5, 0, 2], null);
        Assert.Equal([5, 0, 2], batch.WeightView.ToArray());
        batch.FillRange(Weighted, 2, 4, null);
        Assert.Equal([2, 3, 4, 5], batch.WeightView.ToArray());
        batch.Fill(Plain, [1], null);
        Assert.True(batch.WeightView.IsEmpty);
        using var loader = new BatchLoader<float>(Weighted, 4, RandomKey.FromSeed(2), new() { Prefetch = 1 });
        for (int i = 0; i < 5; i++)
        {
            Batch<float> next = loader.Next();
            for (int row = 0; row < next.Count; row++)
                Assert.Equal(SmallData.IndexOf(next.FeatureView.Row(row)), next.WeightView[row]);
        }
    }

    [Theory]
    [InlineData(new double[] { 1, 1, 1, 1, 1 }, "6 examples; found 5")]
    [InlineData(new double[] { 1, 1, 1, -1, 1, 1 }, "example 3 has -1")]
    [InlineData(new double[] { 1, double.NaN, 1, 1, 1, 1 }, "example 1 has NaN")]
    [InlineData(new double[] { 1, 1, 1, 1, 1, double.PositiveInfinity }, "example 5 has")]
    [InlineData(new double[] { 0, 0, 0, 0, 0, 0 }, "At least one")]
    public void Weights_that_cannot_be_are_refused(double[] weights, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Plain.WithWeights(weights)).Message);
}
