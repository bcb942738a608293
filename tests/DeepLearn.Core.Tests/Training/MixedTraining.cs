using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Tests.Data;
using DeepLearn.Tests.Data.Augmentation;
using DeepLearn.Tests.Losses;
using DeepLearn.Tests.Optimizers;
using DeepLearn.Tests.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Tests.Training;

/// <summary>
/// Short runs that between them have every layer, and every loss, regularizer, optimizer and augmentation of the contract tables, as hashes
/// of the weights they end with. All that they learn from are whole numbers.
/// </summary>
internal static class MixedTraining
{
    private const int Outputs = 7, Examples = 80, BatchSize = 32;

    /// <summary>The layers of images.</summary>
    public static Sequential Pictures { get; } = new(
        new Convolution2D(16, 3) { Padding = Padding2D.Same },
        new BatchNorm(),
        new Relu(),
        new Convolution2D(16, 3) { Groups = 16, Padding = 1 },
        new LayerNorm(),
        new Silu(),
        new Convolution2D(18, 3) { Groups = 2, Stride = 2, Padding = Padding2D.Same },
        new LeakyRelu(),
        new AveragePool(3) { Stride = 1, Padding = 1 },
        new Residual(new Sequential(new Convolution2D(8, 3) { Padding = 1 }, new Elu()), new Convolution2D(8, 1)),
        new TestTimeAugmentation(new MaxPool(2) { Padding = Padding2D.Same }, new ImageView()),
        new Dropout(0.1),
        new Ensemble(
            EnsembleCombination.Average,
            new Sequential(new GlobalAveragePool(), new Dense(Outputs)),
            new Sequential(new Flatten(), new Dense(24), new Tanh(), new Dense(Outputs))));

    /// <summary>The layers that take anything.</summary>
    public static Sequential Vectors { get; } = new(
        new Dense(120),
        new Gelu(),
        new Dense(70),
        new Gelu(GeluForm.Tanh),
        new Dropout(0.2),
        new Dense(50),
        new Softplus(),
        new Dense(50),
        new Sigmoid(),
        new Dense(Outputs));

    // Those layers, where an ensemble is refused before its logarithms are: here only the bits count.
    private static readonly Sequential Trained = new([.. Pictures.Layers.SkipLast(1), new AnyRange(Pictures.Layers[^1])]);

    private static readonly EvaluationPlan Few = new() { TrainingExamples = 8 };

    private static readonly ImageAugmentation EveryAugmentation = new Composition([.. AugmentationTests.All.Select(row => row.Data)]);

    /// <summary>
    /// Every row of the tables of losses, regularizers and optimizers, each table begun again where it ends before another does.
    /// </summary>
    public static string OfEverything(int steps, WorkerPool? workers = null, int prefetch = 0)
    {
        var hashes = new List<string>();
        int rows = Math.Max(Math.Max(LossCase.All.Count, RegularizerCase.All.Count), OptimizerCase.All.Count);
        RandomStream random = RandomKey.FromSeed(2).Open();
        for (int i = 0; i < rows; i++)
        {
            LossCase loss = LossCase.All[i % LossCase.All.Count];
            OptimizerCase optimizer = OptimizerCase.All[i % OptimizerCase.All.Count];
            var plan = new TrainingPlan
            {
                Schedule = new TriangularSchedule(1e-4, optimizer.Rate / 5, 3),
                Length = TrainingLength.Steps(steps),
                BatchSize = BatchSize,
                Seed = 5,
                Loss = loss.Make(Outputs, ref random),
                Regularizer = RegularizerCase.All[i % RegularizerCase.All.Count].Regularizer,
                Optimizer = optimizer.Optimizer,
                Prefetch = prefetch,
                Evaluation = Few,
            };
            hashes.Add(i % 2 == 0 ? Both<float, double>(plan, loss.Kind, workers) : Both<double, float>(plan, loss.Kind, workers));
        }
        return string.Join(' ', hashes);
    }

    /// <summary>Images, a penalty of the squares and an optimizer that remembers, in both precisions.</summary>
    public static string OfPictures(int steps, WorkerPool? workers = null, int prefetch = 0)
    {
        var plan = new TrainingPlan
        {
            Schedule = new TriangularSchedule(1e-4, 1e-2, 5),
            Length = TrainingLength.Steps(steps),
            BatchSize = BatchSize,
            Seed = 6,
            Regularizer = new L2(0.001),
            Optimizer = new Adam(),
            Prefetch = prefetch,
            Evaluation = Few,
        };
        return Train<float>(Trained, plan, LossCase.TargetKind.Labels, EveryAugmentation, workers)
            + Train<double>(Trained, plan, LossCase.TargetKind.Labels, EveryAugmentation, workers);
    }

    private static string Both<TPictures, TVectors>(TrainingPlan plan, LossCase.TargetKind kind, WorkerPool? workers)
        where TPictures : unmanaged, IBinaryFloatingPointIeee754<TPictures>
        where TVectors : unmanaged, IBinaryFloatingPointIeee754<TVectors> =>
        Train<TPictures>(Trained, plan, kind, EveryAugmentation, workers) + Train<TVectors>(Vectors, plan, kind, null, workers);

    private static string Train<T>(
        Layer network, TrainingPlan plan, LossCase.TargetKind kind, ImageAugmentation? augmentation, WorkerPool? workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dataset data = Data(kind);
        plan = plan with { Normalization = Normalization.PerFeature(data), Augmentation = augmentation };
        Model<T> model = network.Build<T>(data.ExampleShape, 4);
        using var trainer = new Trainer<T>(model, plan, data, null, workers);
        TrainingResult result = trainer.Run();
        return $"{model.Sha256()} {result.Curve[^1].Training.Cost:g17} ";
    }

    /// <summary>Bytes of two data sets in one with labels, or the same examples as numbers with rows of targets.</summary>
    public static Dataset Data(LossCase.TargetKind kind)
    {
        ByteDataset bytes = SmallData.Bytes(Examples, new Shape(8, 7, 3), Outputs);
        if (kind == LossCase.TargetKind.Labels)
            return Dataset.Concatenate(bytes.Take(30), bytes.Skip(30));
        var features = new Matrix<float>(Examples, bytes.ExampleShape.Count);
        bytes.GatherRange(0, null, features.View);
        var targets = new Matrix<float>(Examples, Outputs);
        for (int i = 0; i < Examples; i++)
        {
            for (int j = 0; j < Outputs; j++)
                targets[i, j] = Target(kind, i, j);
        }
        return new DenseDataset<float>(features, null, targets, new DatasetDescription(bytes.ExampleShape) { TargetWidth = Outputs });
    }

    // Fractions of powers of two, so that they are the same numbers in both precisions.
    private static float Target(LossCase.TargetKind kind, int example, int output) => kind switch
    {
        LossCase.TargetKind.Probabilities => output == example % Outputs ? 0.75f : output == (example + 3) % Outputs ? 0.25f : 0,
        LossCase.TargetKind.YesOrNo => ((example * 5) + (output * 3)) % 4 == 0 ? 1 : 0,
        _ => ((((example * 7) + (output * 5)) % 17) - 8) / 8f,
    };

    /// <summary>A layer that does not say in which range its outputs stay.</summary>
    private sealed record AnyRange(Layer Inner) : Layer
    {
        public override string Kind => Inner.Kind;

        public override Nonlinearity GetNonlinearity() => Inner.GetNonlinearity();

        public override Shape OutputShape(Shape input) => Inner.OutputShape(input);

        public override bool ReadsPixels(Shape input) => Inner.ReadsPixels(input);

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => Inner.CreateRuntime<T>(build);
    }
}
