using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Training;
using DeepLearn.Training.RangeTest;
using Xunit;

namespace DeepLearn.Tests.Training.RangeTest;

public class LearningRateRangeTestTests
{
    [Theory]
    [InlineData(RangeSweep.Exponential)]
    [InlineData(RangeSweep.Linear)]
    public void ItFindsARangeInWhichTrainingWorksAndLeavesTheModelAsItWas(RangeSweep sweep)
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

    [Fact]
    public void ItStopsAtDivergence()
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
    public void OneSpikeFoolsNobody(bool up)
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
    public void ALossThatNeverFallsSuggestsNothing()
    {
        var options = new RangeTestOptions { Steps = 100 };
        Assert.Equal((null, null), Suggest(options, [.. Enumerable.Repeat(2.3, 100)]));
        Assert.Equal((null, null), Suggest(options, [.. Enumerable.Range(0, 100).Select(i => 2.3 + i)]));
    }

    [Fact]
    public void ImpossibleOptionsAreNamed()
    {
        ByteDataset data = TrainingData.Striped(24);
        (TrainingPlan plan, Model<float> model) = TrainingData.Plan.Prepare<float>(data);
        Refuses(new() { Minimum = 1, Maximum = 0.1 }, "0 < minimum < maximum");
        Refuses(new() { Sweep = (RangeSweep)3 }, "Exponential or Linear; found 3");
        Refuses(new() { Steps = 3 }, "at least 10 steps; found 3");
        Refuses(new() { Smoothing = 1 }, "found 1");
        Refuses(new() { MedianWindow = 4 }, "odd number, at least 1; found 4");
        Refuses(new() { DivergenceFactor = 1 }, "above 1; found 1");

        void Refuses(RangeTestOptions options, string words) =>
            Assert.Contains(words, Assert.Throws<ArgumentException>(() => LearningRateRangeTest.Run(model, plan, data, options)).Message);
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
