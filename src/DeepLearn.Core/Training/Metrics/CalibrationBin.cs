namespace DeepLearn.Training.Metrics;

/// <summary>The examples whose confidence lies in one range: above the lower end, at most the upper one.</summary>
/// <param name="Lower">The lower end of the range.</param>
/// <param name="Upper">The upper end of the range.</param>
/// <param name="Count">The number of examples.</param>
/// <param name="Confidence">Their mean confidence; NaN where there are none.</param>
/// <param name="Accuracy">The part of them that was predicted right; NaN where there are none.</param>
public sealed record CalibrationBin(double Lower, double Upper, long Count, double Confidence, double Accuracy);
