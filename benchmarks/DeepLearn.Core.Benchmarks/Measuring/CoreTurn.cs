namespace DeepLearn.Benchmarks.Measuring;

/// <summary>A turn of several threads.</summary>
/// <param name="Gain">What all did in the time in which one alone does 1: at best their number.</param>
/// <param name="Apart">Whether each stayed on a processor of its own, so far as the system tells.</param>
internal readonly record struct CoreTurn(double Gain, bool Apart);
