using System.Diagnostics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Foundation;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>
/// Times trials of a search that run in parallel: the same training with different seeds, on one thread each, over one copy of the data.
/// </summary>
internal sealed class TrialsMeasurement(FinalRun run, int rounds)
{
    private const int Steps = 2940;

    /// <summary>Compares a number of trials at the same time with a single trial.</summary>
    public TrialsRow Measure(int trials)
    {
        RunTogether(trials);
        List<double> one = [], all = [];
        for (int round = 0; round < rounds; round++)
        {
            one.Add(Steps / RunTogether(1));
            all.Add(trials * Steps / RunTogether(trials));
        }
        Quartiles ratio = Statistics.QuartilesOf(all.Zip(one, (together, alone) => together / alone));
        return new(trials, Steps, Statistics.Median(one), Statistics.Median(all), ratio.Median)
        {
            RatioLower = ratio.Lower,
            RatioUpper = ratio.Upper,
            Rounds = rounds,
        };
    }

    /// <summary>The seconds from the start of the trials to the end of the last.</summary>
    private double RunTogether(int trials)
    {
        var evaluation = new EvaluationPlan { AtEnd = false };
        TrainingPlan plan = run.Plan(evaluation, prefetch: 0) with { Length = TrainingLength.Steps(Steps) };
        Trainer<float>[] trainers =
        [
            .. Enumerable.Range(0, trials).Select(seed => run.CreateTrainer(plan with { Seed = (ulong)seed }, WorkerPool.Single)),
        ];
        using var start = new Barrier(trials + 1);
        Thread[] threads = [.. trainers.Select(trainer => new Thread(() =>
        {
            start.SignalAndWait();
            trainer.Run();
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        start.SignalAndWait();
        long begin = Stopwatch.GetTimestamp();
        foreach (Thread thread in threads)
            thread.Join();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        foreach (Trainer<float> trainer in trainers)
            trainer.Dispose();
        return seconds;
    }
}
