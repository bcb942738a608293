using DeepLearn.Data;
using DeepLearn.Data.Synthetic;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Tools.Soak;

/// <summary>One round of what a long-lived process does; every round gives the same weights.</summary>
internal sealed class SoakRound(string folder) : IDisposable
{
    private readonly DatasetCollection _images = SyntheticImages.Create(seed: 1, trainingCount: 2_000, testCount: 500);
    private readonly WorkerPool _workers = new(2);

    /// <summary>The hash of the weights that the first round ended with.</summary>
    public string Sha256 { get; private set; } = "";

    public void Run()
    {
        Model<float> model = TrainInPieces();
        if (Sha256 == "")
            Sha256 = model.Sha256();
        if (model.Sha256() != Sha256)
            throw new InvalidOperationException($"a round ended with weights {model.Sha256()}, the first one with {Sha256}");
        Predict(model);
        Search();
    }

    public void Dispose() => _workers.Dispose();

    // Stopped every few steps, and gone on with by another trainer from the file.
    private Model<float> TrainInPieces()
    {
        var network = new Sequential(
            new Convolution2D(8, 3), new BatchNorm(), new Relu(), new GlobalAveragePool(), new Dense(32), new Relu(), new Dense(10));
        var plan = new TrainingPlan
        {
            Schedule = 0.01,
            Length = TrainingLength.Steps(40),
            BatchSize = 50,
            Optimizer = new Adam(),
            Regularizer = new L2(0.001),
            Normalization = Normalization.PerFeature(_images.Training),
            Evaluation = new() { Every = 20 },
        };
        string path = Path.Combine(folder, "soak.checkpoint");
        File.Delete(path);
        while (true)
        {
            Model<float> model = network.Build<float>(_images.Training.ExampleShape, seed: 1);
            using var cancellation = new CancellationTokenSource();
            using var trainer = new Trainer<float>(model, plan, _images.Training, _images.Test, _workers) { Checkpointing = new(path) };
            trainer.TryResume();
            trainer.Callbacks.Add(new CancelAt(trainer.StepsDone + 15, cancellation));
            try
            {
                trainer.Run(cancellationToken: cancellation.Token);
                return model;
            }
            catch (OperationCanceledException)
            {
                // What was done is in the checkpoint; the next trainer goes on there.
            }
        }
    }

    // From a file, by several threads at once.
    private void Predict(Model<float> model)
    {
        string path = Path.Combine(folder, "soak.safetensors");
        model.Save(path);
        Predictor<float> predictor = Predictor.Load<float>(path);
        Parallel.For(0, 200, index => predictor.Predict(_images.Test.Bytes(index % _images.Test.Count).Span));
        predictor.Predict(_images.Test);
    }

    private void Search()
    {
        string path = Path.Combine(folder, "soak.jsonl");
        File.Delete(path);
        var search = new SingleStageSearch(new SearchSpace(new LogUniformDimension("x", 1e-3, 1)), trials: 30)
        {
            Sampler = new TpeSampler(),
            Window = 2,
            Seed = 1,
            Subject = "soak",
        };
        search.Run(
            (trial, _, _) => new TrialOutcome(-Math.Abs(Math.Log(trial.Value("x")) + 3)),
            new() { Store = new JournalTrialStore(path), Executor = new ThreadExecutor(2) });
    }

    private sealed class CancelAt(long step, CancellationTokenSource cancellation) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            if (report.Step >= step)
                cancellation.Cancel();
            return TrainingDecision.Continue;
        }
    }
}
