using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>
/// The run that the experiment times: a two-layer network (3072-50-10) on CIFAR-10, with 49,000 images for training and 1,000 for
/// validation, batches of 100, and three cycles of a triangular learning rate with a step size of 980, in all 5,880 updates.
/// </summary>
internal sealed class FinalRun
{
    /// <summary>The number of examples of a batch.</summary>
    public const int BatchSize = 100;

    private const int ValidationExamples = 1000;
    private const int StepSize = 980;
    private const double Lambda = 0.002584;

    /// <param name="data">The whole collection.</param>
    public FinalRun(DatasetCollection data)
    {
        Training = data.Training.Take(data.Training.Count - ValidationExamples);
        Validation = data.Training.Skip(data.Training.Count - ValidationExamples);
        Test = data.Test;
        Normalization = Normalization.PerFeature(Training);
    }

    /// <summary>The training examples.</summary>
    public Dataset Training { get; }

    /// <summary>The validation examples.</summary>
    public Dataset Validation { get; }

    /// <summary>The test examples.</summary>
    public Dataset Test { get; }

    /// <summary>The normalization of the features, computed from the training set.</summary>
    public Normalization Normalization { get; }

    /// <summary>The network.</summary>
    public static Sequential Network => new(
        new Dense(50) { Weights = NormalInitializer.LeCun },
        new Relu(),
        new Dense(10) { Weights = NormalInitializer.LeCun });

    /// <summary>The plan.</summary>
    /// <param name="evaluation">When the model is evaluated.</param>
    /// <param name="prefetch">The number of batches that are made in advance.</param>
    public TrainingPlan Plan(EvaluationPlan evaluation, int prefetch) => new()
    {
        Schedule = new TriangularSchedule(1e-5, 1e-1, StepSize),
        Length = TrainingLength.Cycles(3),
        Regularizer = new L2(Lambda),
        BatchSize = BatchSize,
        Normalization = Normalization,
        Evaluation = evaluation,
        Prefetch = prefetch,
    };

    /// <summary>A trainer with a fresh model.</summary>
    public Trainer<float> CreateTrainer(TrainingPlan plan, WorkerPool workers) =>
        new(Network.Build<float>(Training.ExampleShape, seed: 1), plan, Training, Validation, workers);

    /// <summary>Finds CIFAR-10 at a path or where the environment says; null, after a message, if it is not there.</summary>
    /// <param name="path">A folder or archive, or null.</param>
    /// <param name="errors">Where the message goes.</param>
    public static string? Find(string? path, TextWriter errors)
    {
        if (new Cifar10Source { Path = path }.Find() is { } location)
            return location.Path;
        errors.WriteLine($"CIFAR-10 is needed: name its folder or archive with --data or {Cifar10Source.DefaultVariable}.");
        return null;
    }

    /// <summary>Finds and reads CIFAR-10; null, after a message, if that is not possible.</summary>
    /// <param name="path">A folder or archive, or null.</param>
    /// <param name="errors">Where the message goes.</param>
    public static FinalRun? Load(string? path, TextWriter errors) => LoadData(path, errors) is { } data ? new(data) : null;

    /// <summary>The whole of CIFAR-10; null, after a message, if it cannot be read.</summary>
    /// <param name="path">A folder or archive, or null.</param>
    /// <param name="errors">Where the message goes.</param>
    public static DatasetCollection? LoadData(string? path, TextWriter errors)
    {
        if (Find(path, errors) is not { } found)
            return null;
        try
        {
            return Cifar10Files.Load(found);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            errors.WriteLine(e.Message);
            return null;
        }
    }
}
