using System.Diagnostics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Times the whole experiment and its parts, in turns.</summary>
/// <param name="run">The experiment.</param>
/// <param name="evaluation">When the model is measured.</param>
/// <param name="rounds">How often everything is timed.</param>
internal sealed class ExperimentMeasurement(FinalRun run, EvaluationPlan evaluation, int rounds)
{
    /// <summary>Measures one way to run the experiment.</summary>
    public ExperimentRow Measure(int threads, int prefetch)
    {
        using var workers = new WorkerPool(threads);
        TrainingPlan plan = run.Plan(evaluation, prefetch);
        List<double> whole = [], step = [], batch = [], measuring = [], shares = [], updates = [];
        long steps = 0;
        int evaluations = 0;
        double accuracy = 0;
        long heap = 0;
        TrainingMemory? memory = null;
        for (int round = 0; round < rounds; round++)
        {
            double bare = TimeBareStep(plan, workers);
            using Trainer<float> trainer = run.CreateTrainer(plan, workers);
            var clock = new EvaluationClock();
            trainer.Callbacks.Add(clock);
            TrainingResult result = trainer.Run();
            bare = (bare + TimeBareStep(plan, workers)) / 2;
            steps = result.Steps;
            evaluations = result.Curve.Count;
            whole.Add(result.Seconds);
            step.Add(bare);
            shares.Add(bare * steps / result.Seconds);
            updates.Add(bare * steps / (result.Seconds - clock.Seconds));
            batch.Add(TimeBatch(plan));
            var evaluator = new Evaluator<float>(
                trainer.Model, plan.Loss, plan.Regularizer, run.Training.Description, plan.Normalization, workers);
            measuring.Add(TimeEvaluation(evaluator));
            accuracy = evaluator.Evaluate(run.Test).Accuracy!.Value;
            heap = GC.GetTotalMemory(forceFullCollection: true);
            memory = trainer.Memory;
        }
        double seconds = Statistics.Median(whole), bareSeconds = Statistics.Median(step);
        Quartiles share = Statistics.QuartilesOf(shares);
        return new(threads, prefetch, steps, seconds, steps / seconds, 1 / bareSeconds, share.Median)
        {
            ShareLower = share.Lower,
            ShareUpper = share.Upper,
            Rounds = rounds,
            ShareOfUpdates = Statistics.Median(updates),
            StepMicroseconds = bareSeconds * 1e6,
            BatchMicroseconds = Statistics.Median(batch) * 1e6,
            EvaluationMilliseconds = Statistics.Median(measuring) * 1e3,
            Evaluations = evaluations,
            TestAccuracy = accuracy,
            DataBytes = memory?.Data ?? 0,
            ParameterBytes = memory?.Parameters ?? 0,
            OptimizerBytes = memory?.OptimizerState ?? 0,
            BufferBytes = memory?.Buffers ?? 0,
            TestBytes = Dataset.MemoryInBytes(run.Test),
            HeapBytes = heap,
            PeakWorkingSetBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        };
    }

    /// <summary>The seconds of a step on one batch of the data: the median over at least half a second.</summary>
    private double TimeBareStep(TrainingPlan plan, WorkerPool workers)
    {
        Model<float> model = FinalRun.Network.Build<float>(run.Training.ExampleShape, seed: 1);
        using BatchLoader<float> loader = CreateLoader(plan);
        Batch<float> batch = loader.Next();
        var step = new TrainingStep<float>(model, plan.Loss, plan.Regularizer, plan.Optimizer, plan.BatchSize, workers);
        long steps = 0;
        void Run() => step.Run(batch.FeatureView, Targets<float>.FromLabels(batch.LabelView), 1e-4, steps++, default);
        JitWarmUp.Settle(Run);
        return Repeat(Run);
    }

    private BatchLoader<float> CreateLoader(TrainingPlan plan) =>
        new(run.Training, plan.BatchSize, RandomKey.FromSeed(1), new() { Normalization = plan.Normalization });

    /// <summary>
    /// The seconds to make a batch of numbers. The run itself makes it only when it prefetches; otherwise its first layer reads bytes.
    /// </summary>
    private double TimeBatch(TrainingPlan plan)
    {
        using BatchLoader<float> loader = CreateLoader(plan);
        return Repeat(() => _ = loader.Next().FeatureView.Rows);
    }

    private double TimeEvaluation(Evaluator<float> evaluator)
    {
        int measured = evaluation.TrainingExamples;
        Dataset training = measured > 0 && measured < run.Training.Count ? run.Training.Take(measured) : run.Training;
        return Repeat(() =>
        {
            evaluator.Evaluate(training);
            evaluator.Evaluate(run.Validation);
        });
    }

    private static double Repeat(Action action)
    {
        const double HowLong = 0.5;
        const int AtLeast = 20;
        long start = Stopwatch.GetTimestamp();
        List<double> times = [];
        do
        {
            long before = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(before).TotalSeconds);
        }
        while (times.Count < AtLeast || Stopwatch.GetElapsedTime(start).TotalSeconds < HowLong);
        // The first calls of a process are slower, while the JIT compiles.
        return Statistics.Median(times.Skip(times.Count / 4));
    }

    /// <summary>Adds up the time between the end of an update and the end of the evaluation that follows it.</summary>
    private sealed class EvaluationClock : TrainingCallback<float>
    {
        private long _last = Stopwatch.GetTimestamp();

        public double Seconds { get; private set; }

        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            _last = Stopwatch.GetTimestamp();
            return TrainingDecision.Continue;
        }

        public override TrainingDecision OnEvaluation(TrainingPoint point, Model<float> model)
        {
            Seconds += Stopwatch.GetElapsedTime(_last).TotalSeconds;
            return TrainingDecision.Continue;
        }
    }
}
