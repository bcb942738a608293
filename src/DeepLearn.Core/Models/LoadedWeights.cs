using DeepLearn.Foundation;

namespace DeepLearn.Models;

/// <summary>What a partial loading of weights did, by name. An immutable value.</summary>
/// <param name="Loaded">The weights of the model that were loaded, in its order.</param>
/// <param name="Left">Those that stayed as they were: left out by the patterns, or missing in the file.</param>
/// <param name="Unused">The tensors of the file that were not asked for, in the file's order.</param>
public sealed record LoadedWeights(ValueList<string> Loaded, ValueList<string> Left, ValueList<string> Unused)
{
    /// <summary>The three lists, a line each.</summary>
    public override string ToString() => $"loaded: {Say(Loaded)}\nleft as they were: {Say(Left)}\nnot used: {Say(Unused)}";

    private static string Say(ValueList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);
}
