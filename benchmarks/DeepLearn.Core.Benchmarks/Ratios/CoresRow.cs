namespace DeepLearn.Benchmarks.Ratios;

/// <summary>What several threads got done beside one, turn by turn.</summary>
/// <param name="Work">What each did.</param>
/// <param name="Threads">The number of threads.</param>
/// <param name="Gains">
/// What all did in the time in which one alone does 1, in each turn in which each stayed on a processor of its own.
/// </param>
/// <param name="LeftOut">How many turns were left out since threads moved, or shared a processor.</param>
internal sealed record CoresRow(string Work, int Threads, IReadOnlyList<double> Gains, int LeftOut);
