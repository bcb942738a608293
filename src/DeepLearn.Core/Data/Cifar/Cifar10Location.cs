namespace DeepLearn.Data.Cifar;

/// <summary>A folder or archive for <see cref="Cifar10Files.Load"/>, and how it was found.</summary>
/// <param name="Path">The folder or archive.</param>
/// <param name="Origin">Where it was found.</param>
public sealed record Cifar10Location(string Path, Cifar10Origin Origin);
