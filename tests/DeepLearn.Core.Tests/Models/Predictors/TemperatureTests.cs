using System.Numerics.Tensors;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>The temperature that makes probabilities fit a validation set.</summary>
public sealed class TemperatureTests
{
    /// <summary>Scores that are three times too large have a temperature of 3: in double, against a search of the loss itself.</summary>
    [Fact]
    public void Temperature_is_the_one_of_least_loss_on_the_validation_set()
    {
        RandomStream random = RandomKey.FromSeed(5).Open();
        const int Count = 4000;
        var features = new Matrix<double>(Count, 3);
        var labels = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            double[] scores = [4 * random.NextUniform(), 4 * random.NextUniform(), 4 * random.NextUniform()];
            double draw = random.NextUniform() * scores.Sum(Math.Exp);
            labels[i] = draw < Math.Exp(scores[0]) ? 0 : draw < Math.Exp(scores[0]) + Math.Exp(scores[1]) ? 1 : 2;
            for (int j = 0; j < 3; j++)
                features[i, j] = 3 * scores[j];
        }
        Model<double> model = new Flatten().Build<double>(3, 1);
        model.Card = new() { Task = PredictionTask.Multiclass(3) };
        var data = new DenseDataset<double>(features, labels, null, new DatasetDescription(3) { Classes = 3 });
        Predictor<double> calibrated = new Predictor<double>(model).Calibrated(data, TestContext.Current.CancellationToken);
        Assert.InRange(calibrated.Card.Temperature, 2.8, 3.2);
        double least = LossAt(calibrated.Card.Temperature);
        Assert.True(least < LossAt(calibrated.Card.Temperature * 1.001) && least < LossAt(calibrated.Card.Temperature * 0.999));
        Assert.Equal(1, model.Card.Temperature);
        Assert.Equal(new Predictor<double>(model).Predict(features.Row(0)).Label, calibrated.Predict(features.Row(0)).Label);
        Assert.Contains("at least one example", Assert.Throws<ArgumentException>(() => calibrated.Calibrated(data.Take(0))).Message);

        double LossAt(double temperature)
        {
            var predictor = new Predictor<double>(model, model.Card with { Temperature = temperature });
            Prediction[] predictions = predictor.Predict(data);
            return predictions.Select((prediction, i) => -Math.Log(prediction.Probabilities[labels[i]])).Sum();
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Temperature_of_weighted_examples_counts_them_by_their_weights(int outputs)
    {
        RandomStream random = RandomKey.FromSeed(8).Open();
        const int Count = 300;
        var features = new Matrix<double>(Count, outputs);
        var labels = new int[Count];
        double[] weights = [.. Enumerable.Range(0, Count).Select(i => (double)(i % 3))];
        foreach (ref double feature in features.AsSpan())
            feature = (6 * random.NextUniform()) - 3;
        for (int i = 0; i < Count; i++)
        {
            int likely = outputs == 1 ? (features[i, 0] > 0 ? 1 : 0) : TensorPrimitives.IndexOfMax<double>(features.Row(i));
            labels[i] = random.NextUniform() < (i % 2 == 0 ? 0.9 : 0.7) ? likely : (likely + 1) % Math.Max(2, outputs);
        }
        Model<double> model = new Flatten().Build<double>(outputs, 1);
        model.Card = new() { Task = outputs == 1 ? PredictionTask.Binary : PredictionTask.Multiclass(outputs) };
        var predictor = new Predictor<double>(model);
        Dataset data = new DenseDataset<double>(features, labels, null, new DatasetDescription(outputs) { Classes = Math.Max(2, outputs) });
        int[] repeated = [.. Enumerable.Range(0, Count).SelectMany(i => Enumerable.Repeat(i, (int)weights[i]))];
        double expected = predictor.Calibrated(data.Subset(repeated), TestContext.Current.CancellationToken).Card.Temperature;
        Assert.Equal(
            expected, predictor.Calibrated(data.WithWeights(weights), TestContext.Current.CancellationToken).Card.Temperature, 1e-9);
        Assert.NotEqual(expected, predictor.Calibrated(data, TestContext.Current.CancellationToken).Card.Temperature);
        Assert.Contains("a weight above 0", Assert.Throws<ArgumentException>(
            () => predictor.Calibrated(data.WithWeights(weights).Subset([0, 3, 6]), TestContext.Current.CancellationToken)).Message);
    }

    /// <summary>Quotients beyond the range are certainties, not NaN.</summary>
    [Theory]
    [InlineData(1e-39)]
    [InlineData(5e-324)]
    [InlineData(1e300)]
    public void Temperature_however_small_or_large_gives_probabilities(double temperature)
    {
        bool isSmall = temperature < 1;
        double[] even = [1.0f / 3, 1.0f / 3, 1.0f / 3];
        Assert.Equal(isSmall ? [0, 1, 0] : even, Of(PredictionTask.Multiclass(3)).Predict(-3, 4, 2).Probabilities);
        Assert.Equal(isSmall ? [0.5, 0.5, 0] : even, Of(PredictionTask.Multiclass(3)).Predict(4, 4, 2).Probabilities);
        Assert.Equal(isSmall ? [0, 1, 0.5] : [0.5, 0.5, 0.5], Of(PredictionTask.Multilabel(3)).Predict(-3, 4, 0).Probabilities);

        Predictor<float> Of(PredictionTask task) => new(
            new Flatten().Build<float>(3, 1), ModelCard.Empty with { Task = task, Temperature = temperature });
    }

    [Fact]
    public void Temperature_of_two_classes_by_one_output_is_the_one_of_least_loss()
    {
        RandomStream random = RandomKey.FromSeed(6).Open();
        var features = new Matrix<double>(4000, 1);
        var labels = new int[4000];
        for (int i = 0; i < labels.Length; i++)
        {
            double score = (6 * random.NextUniform()) - 3;
            labels[i] = random.NextUniform() < 1 / (1 + Math.Exp(-score)) ? 1 : 0;
            features[i, 0] = score / 2;
        }
        Model<double> model = new Flatten().Build<double>(1, 1);
        model.Card = new() { Task = PredictionTask.Binary };
        var data = new DenseDataset<double>(features, labels, null, new DatasetDescription(1) { Classes = 2 });
        Assert.InRange(new Predictor<double>(model).Calibrated(data).Card.Temperature, 0.46, 0.54);
        model.Card = new() { Task = PredictionTask.Regression(1) };
        Assert.Throws<InvalidOperationException>(() => new Predictor<double>(model).Calibrated(data));
    }
}
