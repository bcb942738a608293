using DeepLearn.Reporting.Figures;
using DeepLearn.Schedules;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Learning curves.</summary>
public sealed class LearningCurvesTests
{
    private static readonly TriangularSchedule Schedule = new(0, 0.1, 50);

    [Fact]
    public void Of_with_the_schedule_the_learning_rate_has_its_tip()
    {
        // Measured every 40 steps: never at step 50, where the rate is highest.
        TrainingPoint[] curve = [.. Enumerable.Range(0, 4).Select(i => Point(40 * i, 0.3))];

        Assert.Equal(0.1, RatesOf(LearningCurves.Of(curve, Schedule)).Max());
        Assert.True(RatesOf(LearningCurves.Of(curve)).Max() < 0.1);
    }

    [Fact]
    public void Of_classes_shows_loss_and_accuracy_of_both_sets()
    {
        Figure figure = LearningCurves.Of([Point(0, 0.1), Point(100, 0.6)], Schedule);

        Assert.Equal(["Loss", "Accuracy", "Learning rate"], figure.Panels.Select(panel => panel.Title));
        var accuracy = (LinePanel)figure.Panels[1];
        Assert.True(accuracy.IsPercentage);
        Assert.Equal(["training", "validation"], accuracy.Series.Select(series => series.Name));
        Assert.Equal([0.1, 0.6], accuracy.Series[0].Y);
        Assert.Equal([0.05, 0.3], accuracy.Series[1].Y);
    }

    [Fact]
    public void Of_numbers_without_validation_shows_the_training_loss_alone()
    {
        TrainingPoint point = Point(10, 0.5);
        Figure figure = LearningCurves.Of([point with { Training = point.Training with { Accuracy = null }, Validation = null }]);

        Assert.Equal(["Loss", "Learning rate"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(["training"], ((LinePanel)figure.Panels[0]).Series.Select(series => series.Name));
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void Of_no_point_is_refused() => Assert.Throws<ArgumentException>(() => LearningCurves.Of([]));

    private static IReadOnlyList<double> RatesOf(Figure figure) => ((LinePanel)figure.Panels[^1]).Series[0].Y;

    private static TrainingPoint Point(long step, double accuracy) => new(
        step, step / 100.0, Schedule.RateAt(step), new(2.5, 2, accuracy, 90), new(2.6, 2.1, accuracy / 2, 10));
}
