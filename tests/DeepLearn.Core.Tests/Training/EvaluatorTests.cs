using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

public class EvaluatorTests
{
    private const int ChunkSize = 128;

    private static readonly ByteDataset Data = TrainingData.Striped((6 * ChunkSize) + 17);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void Evaluator_on_several_threads_is_reproducible_bit_for_bit(int threads)
    {
        using var workers = new WorkerPool(threads);
        Evaluator<float> alone = Create(Data, null), together = Create(Data, workers);
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal(alone.Evaluate(Data), together.Evaluate(Data));
            Assert.Equal(alone.Measure(Data, [new MacroF1()])[0].Value, together.Measure(Data, [new MacroF1()])[0].Value);
        }
    }

    [Fact]
    public void Evaluator_MeasureConfusion_counts_every_example()
    {
        using var workers = new WorkerPool(2);
        ConfusionMatrix confusion = Create(Data, workers).MeasureConfusion(Data);
        var counts = (ConfusionMatrixAccumulator)Create(Data, null).Measure(Data, [new MacroF1()])[0];
        Assert.Equal(counts.ToMatrix(), confusion);
        Assert.Equal((Data.Count, Create(Data, null).Evaluate(Data).Accuracy), ((int)confusion.Count, (double?)confusion.Accuracy));
        DenseDataset<float> numbers = DenseDataset<float>.FromArray(new float[2, 3], new float[2, 1]);
        var ofNumbers = new Evaluator<float>(
            new Dense(1).Build<float>(3, 1), new MeanSquaredError(), Regularizer.None, numbers.Description);
        Assert.Contains(
            "\"confusion matrix\" has no meaning for this task; found a regression of 1 number",
            Assert.Throws<ArgumentException>(() => ofNumbers.MeasureConfusion(numbers)).Message);
    }

    [Fact]
    public void Evaluator_thread_that_is_held_up_delays_its_own_chunk_alone()
    {
        using var workers = new WorkerPool(2);
        using var others = new CountdownEvent(6);
        var data = new Watched(Data, first =>
        {
            if (first > 0)
                others.Signal();
            else if (!others.Wait(TimeSpan.FromSeconds(30)))
                throw new TimeoutException("The other chunks wait for the first.");
        });
        Assert.Equal(Create(Data, null).Evaluate(Data), Create(data, workers).Evaluate(data));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Evaluator_throws_the_first_failure_and_stays_usable(int threads)
    {
        using var workers = new WorkerPool(threads);
        bool isMended = false;
        var data = new Watched(Data, first =>
        {
            if (first / ChunkSize is 2 or 3 or 5 && !isMended)
                throw new InvalidOperationException($"chunk {first / ChunkSize}");
        });
        Evaluator<float> evaluator = Create(data, workers);
        for (int round = 0; round < 200; round++)
            Assert.Equal("chunk 2", Assert.Throws<InvalidOperationException>(() => evaluator.Evaluate(data)).Message);
        isMended = true;
        Assert.Equal(Create(Data, null).Evaluate(Data), evaluator.Evaluate(data));
    }

    [Fact]
    public void Evaluator_canceled_stops_at_the_next_chunk()
    {
        using var cancellation = new CancellationTokenSource();
        int seen = 0;
        var data = new Watched(Data, _ =>
        {
            if (++seen == 3)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Create(data, null).Evaluate(data, cancellation.Token));
        Assert.Equal(3, seen);
    }

    private static Evaluator<float> Create(Dataset data, WorkerPool? workers) => new(
        TrainingData.Network.Build<float>(data.ExampleShape, 1),
        new SoftmaxCrossEntropy(),
        new L2(0.01),
        data.Description,
        Normalization.PerFeature(Data),
        workers);

    /// <summary>Examples that tell who asks for them, by the first of those asked for.</summary>
    private sealed class Watched(Dataset examples, Action<int> tell) : Dataset(
        examples.Count, examples.Description, examples.Labels.ToArray())
    {
        protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        {
            if (indices[0] % ChunkSize == 0)
                tell(indices[0]);
            examples.Gather(indices, transform, destination);
        }
    }
}
