using System.Globalization;
using DeepLearn.Schedules;

namespace DeepLearn.Training;

/// <summary>How long training lasts: a number of steps, of epochs, or of a schedule's cycles. An immutable value.</summary>
/// <example><code>TrainingPlan longer = plan with { Length = TrainingLength.Epochs(10) };</code></example>
public sealed record TrainingLength
{
    private readonly Unit _unit;
    private readonly long _count;

    private TrainingLength(Unit unit, long count)
    {
        if (count < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"Training lasts at least one of its {unit.ToString().ToLowerInvariant()}.");
        }
        _unit = unit;
        _count = count;
    }

    private enum Unit
    {
        Steps,
        Epochs,
        Cycles,
    }

    /// <summary>A number of updates.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static TrainingLength Steps(long count) => new(Unit.Steps, count);

    /// <summary>A number of passes through the training set.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static TrainingLength Epochs(int count) => new(Unit.Epochs, count);

    /// <summary>A number of cycles of a <see cref="CyclicalSchedule"/>.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public static TrainingLength Cycles(int count) => new(Unit.Cycles, count);

    /// <summary>The number of steps that this is.</summary>
    /// <param name="schedule">The schedule whose cycles are meant.</param>
    /// <param name="batchesPerEpoch">The number of steps in an epoch.</param>
    /// <exception cref="ArgumentException">Cycles were asked for, of a schedule that has none.</exception>
    public long InSteps(LearningRateSchedule schedule, int batchesPerEpoch) => _unit switch
    {
        Unit.Steps => _count,
        Unit.Epochs => checked(_count * batchesPerEpoch),
        _ => schedule is CyclicalSchedule cyclical
            ? cyclical.StepsIn((int)_count)
            : throw new ArgumentException($"A length in cycles needs a schedule that has cycles; found {schedule}."),
    };

    /// <summary>The number and unit, as in <c>3 cycles</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_count} {_unit.ToString().ToLowerInvariant()}");
}
