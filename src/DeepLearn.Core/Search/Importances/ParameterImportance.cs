using System.Globalization;
using DeepLearn.Foundation;

namespace DeepLearn.Search.Importances;

/// <summary>How much of the variance of the score a hyper-parameter explains, or two of them together beyond what each does.</summary>
/// <param name="Names">The hyper-parameter's name, or the names of the two.</param>
/// <param name="Fraction">The fraction of the variance over the whole space, in 0..1.</param>
public sealed record ParameterImportance(ValueList<string> Names, double Fraction)
{
    /// <summary>Names and fraction, as in <c>lambda, momentum: 0.12</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", Names)}: {Fraction:0.000}");
}
