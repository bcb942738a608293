using DeepLearn.Search.Spaces;

namespace DeepLearn.Search.Trials;

/// <summary>One trial of a search: the point at which the objective is evaluated, with its budget and seed. An immutable value.</summary>
/// <param name="Stage">The number of the stage, from 0.</param>
/// <param name="Number">The number of the trial in its stage, from 0.</param>
/// <param name="Budget">How much the objective may spend, in units of its own such as cycles or epochs; at least 1.</param>
/// <param name="Seed">
/// The trial's own seed, below 2^31, made of the search's seed, the stage and the number; for an objective that wants one.
/// </param>
/// <param name="Point">The values of the hyper-parameters.</param>
public sealed record Trial(int Stage, int Number, int Budget, ulong Seed, SearchPoint Point)
{
    /// <inheritdoc cref="SearchPoint.Number"/>
    public double Value(string name) => Point.Number(name);

    /// <inheritdoc cref="SearchPoint.Value{TValue}"/>
    public TValue Value<TValue>(Dimension<TValue> dimension) => Point.Value(dimension);

    /// <inheritdoc cref="SearchPoint.Integer"/>
    public int Integer(string name) => Point.Integer(name);

    /// <inheritdoc cref="SearchPoint.Choice"/>
    public string Choice(string name) => Point.Choice(name);

    /// <summary>Stage, number and values, as in <c>stage 0, trial 3: lambda = 0.001</c>.</summary>
    public override string ToString() => $"stage {Stage}, trial {Number}: {Point}";
}
