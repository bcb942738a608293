using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>A step of a batch of bytes is that of its features, and allocates nothing.</summary>
[Collection(Alone.Name)]
public class StepOfBytesTests
{
    private static readonly ByteDataset Data = SmallData.Bytes(200, new Shape(10, 10, 3));

    public static TheoryData<string, int> Networks => new()
    {
        { "dense", 1 }, { "dense", 2 }, { "dense", 3 }, { "dense", 6 }, { "wide", 2 }, { "nested", 2 }, { "flatten", 2 }, { "flattens", 1 },
        { "frozen", 2 }, { "convolution", 2 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void TrainingStep_of_bytes_equals_that_of_numbers_bit_for_bit(string kind, int threads)
    {
        using var workers = new WorkerPool(threads);
        foreach (Optimizer optimizer in new Optimizer[] { new Sgd(), new Sgd { Momentum = 0.9 } })
        {
            using var loader = CreateLoader(workers);
            Model<float> ofBytes = Network(kind).Build<float>(Data.ExampleShape, 1),
            ofNumbers = Network(kind).Build<float>(Data.ExampleShape, 1);
            var bytes = new TrainingStep<float>(ofBytes, new SoftmaxCrossEntropy(), new L2(0.01), optimizer, 48, workers);
            var numbers = new TrainingStep<float>(ofNumbers, new SoftmaxCrossEntropy(), new L2(0.01), optimizer, 48, WorkerPool.Single);
            for (int step = 0; step < 12; step++)
            {
                Batch<float> batch = loader.Next();
                Targets<float> targets = Targets<float>.FromLabels(batch.LabelView);
                double loss = bytes.Run(batch, targets, 0.01, step, default);
                Assert.Equal(numbers.Run(batch.FeatureView, targets, 0.01, step, default), loss);
            }
            for (int i = 0; i < ofBytes.Parameters.Count; i++)
                Assert.Equal(ofNumbers.Parameters[i].Value.AsSpan().ToArray(), ofBytes.Parameters[i].Value.AsSpan().ToArray());
        }
    }

    [Theory]
    [InlineData("dense", false)]
    [InlineData("dense", true)]
    [InlineData("convolution", false)]
    public void TrainingStep_learns_from_features_that_the_user_wrote_over(string kind, bool throughTheMemory)
    {
        using var loader = CreateLoader(WorkerPool.Single);
        Model<float> ofBatch = Network(kind).Build<float>(Data.ExampleShape, 1),
        ofNumbers = Network(kind).Build<float>(Data.ExampleShape, 1);
        var batches = new TrainingStep<float>(ofBatch, new SoftmaxCrossEntropy(), new L2(0.01), new Sgd(), 48);
        var numbers = new TrainingStep<float>(ofNumbers, new SoftmaxCrossEntropy(), new L2(0.01), new Sgd(), 48);
        for (int step = 0; step < 12; step++)
        {
            Batch<float> batch = loader.Next();
            Batch<float> copy = loader.CreateBatch();
            loader.Load(step, copy);
            Matrix<float> edited = copy.Features;
            if (step % 3 != 2)
            {
                edited.SliceRows(0, 5).Fill(0.25f * step);
                (throughTheMemory ? batch.Features.View : batch.FeatureView).SliceRows(0, 5).Fill(0.25f * step);
            }
            Targets<float> targets = Targets<float>.FromLabels(batch.LabelView);
            double expected = numbers.Run(edited.SliceRows(0, batch.Count), targets, 0.01, step, default);
            Assert.Equal(expected, batches.Run(batch, targets, 0.01, step, default));
        }
        for (int i = 0; i < ofBatch.Parameters.Count; i++)
            Assert.Equal(ofNumbers.Parameters[i].Value.AsSpan().ToArray(), ofBatch.Parameters[i].Value.AsSpan().ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TrainingStep_of_bytes_allocates_nothing(int threads)
    {
        using var workers = new WorkerPool(threads);
        using var loader = CreateLoader(workers);
        var step = new TrainingStep<float>(
            Network("dense").Build<float>(Data.ExampleShape, 1), new SoftmaxCrossEntropy(), new L2(0.01), new Sgd(), 48, workers);
        long steps = 0;
        void Run()
        {
            Batch<float> batch = loader.Next();
            step.Run(batch, Targets<float>.FromLabels(batch.LabelView), 0.01, steps++, default);
        }
        Assert.Equal(0, Allocation.OfAllThreads(Run, times: 10));
    }

    [Theory]
    [InlineData("dense", true)]
    [InlineData("nested", true)]
    [InlineData("flatten", true)]
    [InlineData("flattens", true)]
    [InlineData("frozen", true)]
    [InlineData("convolution", false)]
    public void Network_takes_bytes_where_its_first_working_layer_does(string kind, bool expected) =>
        Assert.Equal(expected, Network(kind).Build<float>(Data.ExampleShape, 1).ReadsBytes);

    [Fact]
    public void ModelWorkspace_batch_that_does_not_fit_is_refused()
    {
        using var loader = CreateLoader(WorkerPool.Single);
        Batch<float> batch = loader.Next();
        Model<float> other = Network("dense").Build<float>(50, 1), model = Network("dense").Build<float>(300, 1);
        Assert.Throws<ShapeMismatchException>(() => other.CreateWorkspace(48, RunMode.Training).Forward(batch));
        Assert.Throws<ArgumentException>(() => model.CreateWorkspace(47, RunMode.Training).Forward(batch));
        Assert.Throws<ArgumentException>(() => model.CreateWorkspace(48, RunMode.Training).Backward(batch.InputFor(true)));
        Assert.Throws<InvalidOperationException>(() => model.CreateWorkspace(48, RunMode.Inference).Backward(batch.InputFor(true)));
    }

    private static BatchLoader<float> CreateLoader(WorkerPool workers) =>
        new(Data, 48, RandomKey.FromSeed(3), new() { Normalization = Normalization.PerFeature(Data) }, workers);

    private static Sequential Network(string kind) => kind switch
    {
        "dense" => new(new Dense(50), new Relu(), new Dense(3)),
        "wide" => new(new Dense(310), new Relu(), new Dense(3)),
        "nested" => new(new Sequential(new Dense(20), new Tanh()), new Dense(3)),
        "flatten" => new(new Flatten(), new Dense(20), new Relu(), new Dense(3)),
        "flattens" => new(new Flatten(), new Sequential(new Flatten(), new Flatten()), new Dense(20), new Relu(), new Dense(3)),
        "frozen" => new(new Frozen(), new Dense(20), new Relu(), new Dense(3)),
        _ => new(new Convolution2D(4, 3), new Relu(), new Dense(3)),
    };

    /// <summary>
    /// A layer from outside that takes bytes and learns nothing: a fixed projection. Nobody has a reason to run it backward.
    /// </summary>
    private sealed record Frozen : Layer
    {
        private const int Units = 30;

        public override Shape OutputShape(Shape input) => Units;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input);

        private sealed class Runtime<T> : LayerRuntime<T>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            private readonly Matrix<T> _projection;

            public Runtime(Shape input)
                : base(input, Units)
            {
                _projection = new(input.Count, Units);
                for (int i = 0; i < _projection.Count; i++)
                    _projection.AsSpan()[i] = T.CreateChecked(Math.Sin(i) / 20);
            }

            public override LayerTraits Traits { get; } = new() { ReadsBytes = true };

            public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
                MatrixProduct.Multiply(input, _projection, default, workspace.Workers, output);

            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                GradientTargets<T> gradients,
                LayerWorkspace<T> workspace) => throw new NotSupportedException("It learns nothing.");
        }
    }
}
