using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Training;

namespace DeepLearn.Samples.HyperparameterSearch;

/// <summary>
/// The search: width, depth, dropout, lambda, maximum rate and number of cycles of a dense network, by TPE, and by ASHA, which stops trials
/// that fall behind.
/// </summary>
internal sealed class ImageSearch
{
    private const int BatchSize = 100;
    private const double MinimumRate = 1e-5;
    private const int EvaluationsPerCycle = 4;

    private static readonly LogIntegerDimension Width = new("width", 16, 256);
    private static readonly IntegerDimension Depth = new("depth", 1, 3);
    private static readonly UniformDimension DropoutRate = new("dropout", 0, 0.5);
    private static readonly LogUniformDimension Lambda = new("lambda", 1e-5, 1e-1);
    private static readonly LogUniformDimension MaximumRate = new("maximum rate", 1e-2, 0.5);
    private static readonly IntegerDimension Cycles = new("cycles", 1, 3);

    private readonly Dataset _training;
    private readonly Dataset _validation;
    private readonly Normalization _normalization;
    private readonly long _stepSize;

    /// <summary>Makes the search of a data set.</summary>
    /// <param name="data">The images.</param>
    /// <param name="settings">The seed, and whether the search is a small one.</param>
    /// <param name="trials">The number of trials.</param>
    public ImageSearch(SampleData data, SampleSettings settings, int trials)
    {
        Dataset all = data.Collection.Training;
        (_training, _validation) = all.Split(all.Count / 10, RandomKey.FromSeed(settings.Seed).Derive("search validation"));
        _normalization = Normalization.PerFeature(_training);

        // Half a cycle is two epochs.
        _stepSize = 2 * Math.Max(1, _training.Count / BatchSize);
        Search = new SingleStageSearch(new SearchSpace(Width, Depth, DropoutRate, Lambda, MaximumRate, Cycles), trials)
        {
            Sampler = new TpeSampler(),
            Pruner = new SuccessiveHalvingPruner(StepsBetweenEvaluations, factor: 2),
            Seed = settings.Seed,
            Subject = $"a dense network, {data.Source} {data.Fingerprint}, {_training.Count} training images",
        };
    }

    /// <summary>The search, a value: the same in every process.</summary>
    public SingleStageSearch Search { get; }

    /// <summary>Trains a trial's network, and scores it by its accuracy on the validation images.</summary>
    public TrialObjective Objective => TrainingObjective.Create<float>(
        _training, _validation, trial => Network(trial).Build<float>(_training.ExampleShape, trial.Seed), Plan);

    private long StepsBetweenEvaluations => 2 * _stepSize / EvaluationsPerCycle;

    private static Sequential Network(Trial trial)
    {
        var layers = new List<Layer>();
        for (int i = 0; i < trial.Value(Depth); i++)
            layers.AddRange([new Dense(trial.Value(Width)), new Relu(), new Dropout(trial.Value(DropoutRate))]);
        return new([.. layers, new Dense(10)]);
    }

    private TrainingPlan Plan(Trial trial) => new()
    {
        Schedule = new TriangularSchedule(MinimumRate, trial.Value(MaximumRate), _stepSize),
        Length = TrainingLength.Cycles(trial.Value(Cycles)),
        Regularizer = new L2(trial.Value(Lambda)),
        BatchSize = BatchSize,
        Seed = trial.Seed,
        Normalization = _normalization,
        Evaluation = new EvaluationPlan { Every = StepsBetweenEvaluations, TrainingExamples = 1000 },
    };
}
