using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Reporting;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Training;

namespace DeepLearn.Samples.Tables;

/// <summary>
/// What both tables have in common: a search of the width, the learning rate and the weight decay of a network with one hidden layer,
/// scored by cross-validation; then a network trained on all training rows with what was best.
/// </summary>
internal sealed record Study(string Name, StudyData Data, int Outputs, Loss Loss, Func<Evaluation, double> Score, SearchDirection Direction)
{
    private const int BatchSize = 32;
    private const int Epochs = 60;

    private static readonly LogIntegerDimension Width = new("hidden units", 4, 64);
    private static readonly LogUniformDimension Rate = new("learning rate", 1e-3, 1e-1);
    private static readonly LogUniformDimension Decay = new("weight decay", 1e-3, 1);

    /// <summary>Searches, puts the search's page into the folder, and trains.</summary>
    /// <returns>The network, and the mean score of the folds with what was best.</returns>
    public (Model<float> Model, double Score) Run(ReportTerminal terminal, string folder, CancellationToken stop)
    {
        var search = new SingleStageSearch(new SearchSpace(Width, Rate, Decay), trials: 30)
        {
            Sampler = new TpeSampler(),
            Direction = Direction,
            Seed = 1,
            Subject = $"{Name}, {Data.Folds.Count} folds of {Data.Training.Count} rows",
        };
        TrialObjective objective = CrossValidationObjective.Create<float>(
            Data.Folds,
            trial => Network(trial).Build<float>(Data.Training.ExampleShape, trial.Seed),
            Plan,
            fold => Score(fold.Validation));
        SearchResult result = terminal.Search(search, objective, new() { Executor = new ThreadExecutor(Environment.ProcessorCount) }, stop);
        SearchPage.Of(search, result).Save(Path.Combine(folder, $"{Name}-search.html"));
        terminal.Table(SearchFigures.Best(search, result, count: 3));

        TrialResult best = result.Best!;
        Model<float> model = Network(best.Trial).Build<float>(Data.Training.ExampleShape, seed: 1);
        using var trainer = new Trainer<float>(model, Plan(best.Trial, Data.Training), Data.Training);
        trainer.Run(cancellationToken: stop);

        model.Save(Path.Combine(folder, $"{Name}.safetensors"));
        return (model, best.Score);
    }

    private Sequential Network(Trial trial) => new(new Dense(trial.Value(Width)), new Relu(), new Dense(Outputs));

    private TrainingPlan Plan(Trial trial, Dataset training)
    {
        int batches = (training.Count + BatchSize - 1) / BatchSize;
        return new()
        {
            Schedule = new CosineSchedule(trial.Value(Rate), steps: Epochs * batches),
            Length = TrainingLength.Epochs(Epochs),
            BatchSize = BatchSize,
            Loss = Loss,
            Optimizer = new AdamW { WeightDecay = trial.Value(Decay) },
            Seed = trial.Seed,
        };
    }
}
