namespace DeepLearn.Training.RangeTest;

/// <summary>One step of a range test.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">The loss of the batch before the update with that rate.</param>
/// <param name="SmoothedLoss">The moving average of the running median.</param>
public sealed record RangeTestPoint(double Rate, double Loss, double SmoothedLoss);
