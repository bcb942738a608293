using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.RangeTest;
using Xunit;

namespace DeepLearn.Tests.Training.RangeTest;

public class LearningRateRangeTestTests
{
    [Theory]
    [InlineData(RangeSweep.Exponential)]
    [InlineData(RangeSweep.Linear)]
    public void LearningRateRangeTest_finds_a_usable_range_and_leaves_the_model_unchanged(RangeSweep sweep)
    {
        ByteDataset data = TrainingData.Striped(240);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        string before = model.Sha256();
        var options = new RangeTestOptions { Minimum = 1e-5, Maximum = 5, Steps = 200, Sweep = sweep };
        RangeTestResult result = LearningRateRangeTest.Run(model, plan, data, options);
        Assert.Equal(before, model.Sha256());
        Assert.NotNull(result.SuggestedMinimum);
        Assert.InRange(result.SuggestedMinimum.Value, 1e-5, result.SuggestedMaximum!.Value);
        Assert.InRange(result.SuggestedMaximum.Value, 1e-3, 5);
        Assert.Equal(1e-5, result.Points[0].Rate, 1e-9);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public void LearningRateRangeTest_leaves_no_trace_in_later_training(int? cancelAt)
    {
        // Whatever a test could leave behind: moving averages, velocities, random numbers, the order of the examples, what a parameter is
        // told.
        ByteDataset data = TrainingData.Striped(240);
        var network = new Sequential(new Dense(9), new BatchNorm(), new Relu(), new Dropout(0.2), new Dense(3));
        foreach (Optimizer optimizer in new Optimizer[] { new Sgd(), new Sgd { Momentum = 0.9 }, new Adam() })
        {
            TrainingPlan plan = TrainingData.Plan with
            { Optimizer = optimizer, Length = TrainingLength.Steps(20), Normalization = Normalization.PerFeature(data) };
            Model<float> untouched = network.Build<float>(24, 1), tested = network.Build<float>(24, 1);
            using (var trainer = new Trainer<float>(untouched, plan, data))
                trainer.Run();
            string before = tested.Sha256();
            using var stop = new CancellationTokenSource();
            int seen = 0;
            var progress = new Counter(() =>
            {
                if (++seen == cancelAt)
                    stop.Cancel();
            });
            var options = new RangeTestOptions { Steps = 40 };
            if (cancelAt is null)
                LearningRateRangeTest.Run(tested, plan, data, options, progress: progress, cancellationToken: stop.Token);
            else
            {
                Assert.Throws<OperationCanceledException>(
                    () => LearningRateRangeTest.Run(tested, plan, data, options, null, progress, stop.Token));
            }
            Assert.Equal(cancelAt ?? 40, seen);
            Assert.Equal(before, tested.Sha256());
            using (var trainer = new Trainer<float>(tested, plan, data))
                trainer.Run();
            Assert.Equal(untouched.Sha256(), tested.Sha256());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void LearningRateRangeTest_suggestion_is_robust_to_one_bad_batch(int place)
    {
        // A handful of examples of the wrong class, all in one batch of a real sweep.
        ByteDataset data = TrainingData.Striped(4_000);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        var options = new RangeTestOptions { Minimum = 1e-4, Maximum = 5, Steps = 200, DivergenceFactor = 100 };
        var spike = new Spike(place);
        RangeTestResult calm = LearningRateRangeTest.Run(model, plan with { Loss = new Spike(-1) }, data, options);
        RangeTestResult spiked = LearningRateRangeTest.Run(model, plan with { Loss = spike }, data, options);
        Assert.True(spiked.Points[place].Loss > 20 * calm.Points[place].Loss);
        Assert.InRange(spiked.SuggestedMinimum!.Value / calm.SuggestedMinimum!.Value, 0.8, 1.25);
        Assert.InRange(spiked.SuggestedMaximum!.Value / calm.SuggestedMaximum!.Value, 0.8, 1.25);
    }

    [Fact]
    public void LearningRateRangeTest_stops_at_divergence()
    {
        ByteDataset data = TrainingData.Striped(240);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        RangeTestResult result = LearningRateRangeTest.Run(model, plan, data, new() { Maximum = 1e6, Steps = 200 });
        Assert.True(result.Diverged);
        Assert.True(result.Points.Count < 200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LearningRateRangeTest_suggestion_is_robust_to_one_spike_anywhere(bool up)
    {
        // Flat, then falling from rate 1e-4 to 1e-2, then rising: the losses of a well-behaved sweep from 1e-6 to 1.
        var options = new RangeTestOptions { Minimum = 1e-6, Maximum = 1, Steps = 200 };
        double[] losses = [.. Enumerable.Range(0, 200).Select(i => Valley(Math.Log10(options.RateAt(i))))];
        (double? minimum, double? maximum) = Suggest(options, losses);
        Assert.InRange(minimum!.Value, 1e-4, 1e-3);
        Assert.InRange(maximum!.Value, 5e-3, 5e-2);
        for (int place = 0; place < losses.Length; place++)
        {
            double[] spiked = [.. losses];
            spiked[place] *= up ? 30 : 0.01;
            (double? spikedMinimum, double? spikedMaximum) = Suggest(options, spiked);
            Assert.InRange(spikedMinimum!.Value / minimum.Value, 0.8, 1.25);
            Assert.InRange(spikedMaximum!.Value / maximum.Value, 0.8, 1.25);
        }
    }

    [Fact]
    public void LearningRateRangeTest_loss_that_never_falls_suggests_nothing()
    {
        var options = new RangeTestOptions { Steps = 100 };
        Assert.Equal((null, null), Suggest(options, [.. Enumerable.Repeat(2.3, 100)]));
        Assert.Equal((null, null), Suggest(options, [.. Enumerable.Range(0, 100).Select(i => 2.3 + i)]));
    }

    [Fact]
    public void LearningRateRangeTest_with_impossible_options_is_refused()
    {
        ByteDataset data = TrainingData.Striped(24);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        Refuses(new() { Minimum = 1, Maximum = 0.1 }, "0 < minimum < maximum");
        Refuses(new() { Steps = 3 }, "at least 10 steps; found 3");
        Refuses(new() { Smoothing = 1 }, "found 1");
        Refuses(new() { MedianWindow = 4 }, "odd number, at least 1; found 4");
        Refuses(new() { DivergenceFactor = 1 }, "above 1; found 1");
        Refuses(new() { Minimum = 1e-320 }, "in float too");
        Refuses(new() { Minimum = 1e-46 }, "in float too");
        Refuses(new() { Maximum = 1e39 }, "in float too");
        ArgumentException refused = Assert.Throws<ArgumentOutOfRangeException>(() => new RangeTestOptions { Sweep = (RangeSweep)3 });
        Assert.Contains("one of Exponential, Linear; found 3", refused.Message);

        void Refuses(RangeTestOptions options, string words) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => LearningRateRangeTest.Run(model, plan, data, options)).Message);
    }

    /// <summary>Cross-entropy that says it was thirty times as large at one of its calls, with the gradient as it is.</summary>
    private sealed record Spike(int Place) : Loss
    {
        private int _calls;

        public override bool TakesLabels => true;

        public override bool TakesValues => false;

        protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient) =>
            new SoftmaxCrossEntropy().Compute(outputs, targets, gradient) * (_calls++ == Place ? 30 : 1);
    }

    private sealed class Counter(Action count) : IProgress<RangeTestPoint>
    {
        public void Report(RangeTestPoint value) => count();
    }

    private static double Valley(double exponent) => exponent switch
    {
        < -4 => 2.3,
        < -2 => 2.3 - (0.7 * (exponent + 4)),
        _ => 0.9 + (exponent + 2),
    };

    private static (double? Minimum, double? Maximum) Suggest(RangeTestOptions options, double[] losses)
    {
        var smoother = new RobustSmoother(options.MedianWindow, options.Smoothing);
        List<RangeTestPoint> points = [.. losses.Select((loss, i) => new RangeTestPoint(options.RateAt(i), loss, smoother.Add(loss)))];
        LearningRateRangeTest.Settle(points, options.MedianWindow);
        return LearningRateRangeTest.Suggest(points);
    }
}
