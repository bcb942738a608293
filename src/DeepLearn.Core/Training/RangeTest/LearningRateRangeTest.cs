using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;

namespace DeepLearn.Training.RangeTest;

/// <summary>
/// Finds the range of useful learning rates: trains for a few hundred steps while the rate grows, and looks where the loss begins to fall
/// and where it stops falling (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017).
/// </summary>
/// <remarks>
/// Smith reads accuracy on validation data off a plot; here it is the loss of the training batches, since that costs nothing, and the range
/// is read off by a rule: the minimum is the rate where the smoothed loss has made a tenth of its whole fall for good, the maximum the rate
/// where it has made nine tenths of it. Smoothing begins with a running median, so that one spike moves neither.
/// </remarks>
/// <example><code>
/// RangeTestResult range = LearningRateRangeTest.Run(model, plan, training, new() { Steps = 50 });
/// Console.WriteLine($"a range of rates: {range.SuggestedMinimum:g2} to {range.SuggestedMaximum:g2}");
/// </code></example>
public static class LearningRateRangeTest
{
    private const double Begun = 0.1;
    private const double NearlyDone = 0.9;

    /// <summary>The smallest fall, as a fraction of the first smoothed loss, that counts as learning.</summary>
    private const double SmallestFall = 0.02;

    /// <summary>Runs the test. The model is left as it was.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="plan">What training would do; its schedule and length are not used.</param>
    /// <param name="trainingSet">The examples to learn from.</param>
    /// <param name="options">How to sweep; null for the defaults.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <param name="progress">Told after each step; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The options are out of range, or the data do not fit the model or the loss.</exception>
    /// <exception cref="OperationCanceledException">It was stopped. The model is as it was.</exception>
    public static RangeTestResult Run<T>(
        Model<T> model,
        TrainingPlan plan,
        Dataset trainingSet,
        RangeTestOptions? options = null,
        WorkerPool? workers = null,
        IProgress<RangeTestPoint>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(trainingSet);
        options ??= new();
        options.Check<T>();
        DataFit.RequireTraining(model, plan, trainingSet);

        RandomKey key = RandomKey.FromSeed(plan.Seed).Derive("range test");
        using var loader = new BatchLoader<T>(trainingSet, plan.BatchSize, key, plan.LoaderOptions);
        var step = new TrainingStep<T>(model, plan.Loss, plan.Regularizer, plan.RuledOptimizer, loader.BatchSize, workers);
        var smoother = new RobustSmoother(options.MedianWindow, options.Smoothing);
        var points = new List<RangeTestPoint>();
        ModelSnapshot<T> before = ModelSnapshot<T>.Of(model);
        bool diverged = false;
        try
        {
            double smallest = double.PositiveInfinity;
            for (int i = 0; i < options.Steps && !diverged; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Batch<T> batch = loader.Next();
                double rate = options.RateAt(i);
                double loss;
                try
                {
                    loss = step.Run(batch, BatchTargets.Of(batch, plan.Loss), rate, i, key.Derive("noise").Derive(i));
                }
                catch (TrainingDivergedException)
                {
                    diverged = true;
                    break;
                }
                var point = new RangeTestPoint(rate, loss, smoother.Add(loss));
                points.Add(point);
                if (smoother.IsSettled)
                {
                    smallest = Math.Min(smallest, point.SmoothedLoss);
                    diverged = point.SmoothedLoss > options.DivergenceFactor * smallest;
                }
                progress?.Report(point);
            }
        }
        finally
        {
            before.RestoreTo(model);
        }
        Settle(points, options.MedianWindow);
        (double? minimum, double? maximum) = Suggest(points);
        return new([.. points], diverged, minimum, maximum);
    }

    /// <summary>
    /// Gives the first points, where the running median was not yet one, the smoothed loss of the first point where it was.
    /// </summary>
    internal static void Settle(List<RangeTestPoint> points, int window)
    {
        int settled = Math.Min(window, points.Count) - 1;
        for (int i = 0; i < settled; i++)
            points[i] = points[i] with { SmoothedLoss = points[settled].SmoothedLoss };
    }

    /// <summary>The range that a sweep suggests; nulls where the loss did not fall.</summary>
    internal static (double? Minimum, double? Maximum) Suggest(IReadOnlyList<RangeTestPoint> points)
    {
        if (points.Count < 2)
            return (null, null);
        int lowest = 0;
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].SmoothedLoss < points[lowest].SmoothedLoss)
                lowest = i;
        }

        // The level before learning is the median up to the lowest point's first quarter: the start is flat, and one step is noise.
        int flat = Math.Max(1, lowest / 4);
        double[] start = [.. points.Take(flat).Select(point => point.SmoothedLoss).Order()];
        double level = start[start.Length / 2];
        double fall = level - points[lowest].SmoothedLoss;
        if (!(fall > SmallestFall * Math.Abs(level)))
            return (null, null);

        int begun = LastAbove(level - (Begun * fall)) + 1;
        int nearlyDone = LastAbove(level - (NearlyDone * fall)) + 1;
        return (points[begun].Rate, points[nearlyDone].Rate);

        int LastAbove(double threshold)
        {
            int last = lowest - 1;
            while (last >= 0 && points[last].SmoothedLoss <= threshold)
                last--;
            return last;
        }
    }
}
