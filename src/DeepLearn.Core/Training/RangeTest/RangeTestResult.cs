using DeepLearn.Foundation;

namespace DeepLearn.Training.RangeTest;

/// <summary>What a range test found.</summary>
/// <param name="Points">The sweep, as far as it went.</param>
/// <param name="Diverged">Whether it was stopped because the loss grew.</param>
/// <param name="SuggestedMinimum">The rate from which on the loss falls, or null where it never did.</param>
/// <param name="SuggestedMaximum">The rate up to which the loss falls well, or null where it never did.</param>
public sealed record RangeTestResult(
    ValueList<RangeTestPoint> Points, bool Diverged, double? SuggestedMinimum, double? SuggestedMaximum);
