using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>A prediction is the same in any batch, form and thread. Alone, since it counts bytes.</summary>
[Collection(Alone.Name)]
public sealed class PredictorInvarianceTests
{
    [Fact]
    public void Prediction_is_the_same_bits_in_whatever_batch_form_and_on_any_threads()
    {
        var network = new Sequential(new Dense(40), new BatchNorm(), new Relu(), new Ensemble(
            EnsembleCombination.Average, new Dense(3), new Dense(3)));
        Model<float> model = network.Build<float>(3, 1);
        model.Card = new()
        {
            Task = PredictionTask.Multiclass(3),
            Normalization = PredictorSamples.Scaling,
            Temperature = 1.5,
            FeatureNames = ["a", "b", "c"],
        };
        using var workers = new WorkerPool(2);
        Predictor<float> one = new(model), two = new(model, workers: workers);
        RandomStream random = RandomKey.FromSeed(1).Open();
        var examples = new Matrix<float>(333, 3);
        foreach (ref float element in examples.AsSpan())
            element = (float)(100 * random.NextUniform());
        var expected = new Matrix<float>(333, 3);
        for (int i = 0; i < 333; i++)
            one.Predict(examples.Row(i), expected.Row(i));
        Same(Into((view, to) => one.Predict(view, to)));
        Same(Into((view, to) => two.Predict(view, to)));
        var dataset = new DenseDataset<float>(examples, null, null, new DatasetDescription(3));
        var found = new Matrix<float>(333, 3);
        two.Predict(dataset, found.View);
        Same(found);
        Prediction[] predictions = two.Predict(dataset);
        for (int i = 0; i < 333; i += 37)
        {
            Assert.Equal(expected.Row(i).ToArray(), predictions[i].Probabilities.Select(x => (float)x));
            Assert.Equal(predictions[i], one.Predict(examples.Row(i)));
            float[] row = examples.Row(i).ToArray();
            Assert.Equal(predictions[i], one.Predict(("c", row[2]), ("a", row[0]), ("b", row[1])));
            Assert.Equal(predictions[i], one.Predict(row.Select(x => (double)x).ToArray()));
        }

        Matrix<float> Into(Pass pass)
        {
            var to = new Matrix<float>(333, 3);
            for (int first = 0, count = 1; first < 333; first += count, count = Math.Min((2 * count) + 1, 333 - first))
                pass(examples.SliceRows(first, count), to.SliceRows(first, count));
            return to;
        }

        void Same(Matrix<float> other) => Assert.Equal(expected.AsSpan().ToArray(), other.AsSpan().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Prediction_of_bytes_is_that_of_a_data_set_of_bytes(bool convertsFirst)
    {
        Layer network = convertsFirst ? new Sequential(new Tanh(), new Dense(3)) : new Sequential(new Dense(9), new Relu(), new Dense(3));
        Model<float> model = network.Build<float>(3, 1);
        Assert.Equal(!convertsFirst, model.ReadsBytes);
        model.Card = new() { Task = PredictionTask.Multiclass(3), Normalization = PredictorSamples.Scaling };
        var predictor = new Predictor<float>(model);
        byte[] bytes = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
        var expected = new Matrix<float>(100, 3);
        predictor.Predict(new ByteDataset(bytes, null, new DatasetDescription(3)), expected.View);
        var found = new Matrix<float>(100, 3);
        predictor.Predict(bytes, found.View);
        Assert.Equal(expected.AsSpan().ToArray(), found.AsSpan().ToArray());
        for (int i = 0; i < 100; i++)
        {
            predictor.Predict(bytes.AsSpan(3 * i, 3), found.Row(0));
            Assert.Equal(expected.Row(i).ToArray(), found.Row(0).ToArray());
            Assert.Equal(expected.Row(i)[0], (float)predictor.Predict(bytes.AsSpan(3 * i, 3)).Probabilities[0]);
        }
    }

    [Fact]
    public void Predictor_from_eight_threads_at_once_gives_each_its_own_prediction()
    {
        Predictor<float> predictor = PredictorSamples.Classes<float>(["a", "b", "c"]);
        Prediction[] expected = [.. Enumerable.Range(0, 64).Select(i => predictor.Predict(i, 64 - i, i * i))];
        int failures = 0;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int round = 0; round < 500; round++)
            {
                int i = ((thread * 31) + (round * 17)) % 64;
                if (!predictor.Predict(i, 64 - i, i * i).Equals(expected[i]))
                    Interlocked.Increment(ref failures);
            }
        });
        Assert.Equal(0, failures);
    }

    [Fact]
    public void Predictor_into_a_destination_allocates_nothing()
    {
        Predictor<float> predictor = PredictorSamples.Classes<float>(["a", "b", "c"]), table = PredictorSamples.OfTable();
        Matrix<float> examples = new(100, 3), found = new(100, 3);
        byte[] bytes = new byte[300];
        (string, FeatureValue)[] values = [("city", "Rome"), ("age", 30), ("size", "large")];
        void Run()
        {
            predictor.Predict(examples.Row(0), found.Row(0));
            predictor.Predict(bytes.AsSpan(0, 3), found.Row(1));
            predictor.Predict(examples.View, found.View);
            predictor.Predict(bytes, found.View);
            table.Predict(values, found.Row(2)[..2]);
        }
        Assert.Equal(0, Allocation.Of(Run, times: 10));
    }

    private delegate void Pass(ReadOnlyMatrixView<float> examples, MatrixView<float> destination);
}
