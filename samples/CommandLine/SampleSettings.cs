namespace DeepLearn.Samples.CommandLine;

/// <summary>What the options that every sample has were given as.</summary>
/// <param name="Data">The folder or archive of the data; null to look for it.</param>
/// <param name="Out">The folder that results go to.</param>
/// <param name="Seed">The seed of every random number.</param>
/// <param name="Threads">How many threads work at once.</param>
/// <param name="Synthetic">Whether generated images are asked for.</param>
/// <param name="Quick">Whether everything is a tenth of its size.</param>
public sealed record SampleSettings(string? Data, string Out, ulong Seed, int Threads, bool Synthetic, bool Quick);
