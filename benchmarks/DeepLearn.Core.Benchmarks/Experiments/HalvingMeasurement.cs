using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>
/// Searches over a dense network on CIFAR-10, twice with the same random configurations and the same trainings: once all of them to the
/// end, and once with successive halving.
/// </summary>
internal sealed class HalvingMeasurement
{
    /// <summary>The updates of a training: two cycles of four epochs.</summary>
    public const int TotalSteps = 8 * EpochSteps;

    /// <summary>The update of the first decision.</summary>
    public const int FirstRung = EpochSteps / 2;

    /// <summary>The part that goes on at a decision, as 1/n.</summary>
    public const int Factor = 3;

    private const int BatchSize = 100, ValidationExamples = 5_000, EpochSteps = 450;

    private static readonly LogIntegerDimension Width = new("width", 16, 128);
    private static readonly IntegerDimension Depth = new("depth", 1, 2);
    private static readonly UniformDimension DropoutRate = new("dropout", 0, 0.5);
    private static readonly LogUniformDimension Lambda = new("lambda", 1e-5, 1e-1);
    private static readonly LogUniformDimension MaximumRate = new("maximum rate", 1e-2, 0.5);

    private readonly int _trials;
    private readonly string? _folder;
    private readonly TrialObjective _objective;

    /// <summary>Prepares the data.</summary>
    /// <param name="data">CIFAR-10.</param>
    /// <param name="trials">The configurations of a search.</param>
    /// <param name="folder">Where the trials are kept, so that the same command goes on; null for nowhere.</param>
    public HalvingMeasurement(DatasetCollection data, int trials, string? folder)
    {
        (_trials, _folder) = (trials, folder);
        Dataset training = data.Training.Take(data.Training.Count - ValidationExamples);
        Dataset validation = data.Training.Skip(data.Training.Count - ValidationExamples);
        Normalization normalization = Normalization.PerFeature(training);
        _objective = TrainingObjective.Create<float>(
            training,
            validation,
            trial => Network(trial).Build<float>(training.ExampleShape, trial.Seed),
            trial => new TrainingPlan
            {
                Schedule = new TriangularSchedule(1e-5, trial.Value(MaximumRate), 2 * EpochSteps),
                Length = TrainingLength.Steps(TotalSteps),
                Regularizer = new L2(trial.Value(Lambda)),
                BatchSize = BatchSize,
                Seed = trial.Seed,
                Normalization = normalization,
                Evaluation = new EvaluationPlan { Every = FirstRung, TrainingExamples = 100 },
            });
    }

    /// <summary>Runs both searches of a seed.</summary>
    public HalvingRow Measure(int seed)
    {
        SearchResult all = Run(seed, new NoPruner(), "all"), halving = Run(seed, new SuccessiveHalvingPruner(FirstRung, Factor), "halving");

        // The same seed gives the same configurations, and what is trained of them is trained alike.
        foreach ((TrialResult whole, TrialResult part) in all.Stages[0].Results.Zip(halving.Stages[0].Results))
        {
            if (whole.Trial != part.Trial || !whole.Reports.Take(part.Reports.Count).SequenceEqual(part.Reports))
                throw new InvalidOperationException($"{part.Trial} was trained otherwise with the pruner.");
        }
        return new(seed, _trials, all.Best!.Score, halving.Best!.Score, StepsOf(all), StepsOf(halving));
    }

    private static long StepsOf(SearchResult result) => result.Stages[0].Results.Sum(
        trial => trial.State == TrialState.Completed || trial.Reports.Count == 0 ? TotalSteps : trial.Reports[^1].Step);

    private static Sequential Network(Trial trial)
    {
        var layers = new List<Layer>();
        for (int i = 0; i < trial.Value(Depth); i++)
            layers.AddRange([new Dense(trial.Value(Width)), new Relu(), new Dropout(trial.Value(DropoutRate))]);
        return new([.. layers, new Dense(10)]);
    }

    private SearchResult Run(int seed, Pruner pruner, string name)
    {
        var search = new SingleStageSearch(new SearchSpace(Width, Depth, DropoutRate, Lambda, MaximumRate), _trials)
        {
            Sampler = new RandomSampler(),
            Pruner = pruner,
            Window = 2,
            Seed = (ulong)seed,
            Subject = "successive halving beside whole trainings",
        };
        string file = string.Create(CultureInfo.InvariantCulture, $"{name}-{seed}.jsonl");
        TrialStore? store = _folder is null ? null : new JournalTrialStore(Path.Combine(_folder, file));
        return search.Run(_objective, new() { Store = store, Executor = new ThreadExecutor(1) });
    }
}
