using System.Globalization;

namespace DeepLearn.Verification;

/// <summary>
/// An element at which the cost has a kink, a derivative to its left and another to its right, and whose analytic gradient is neither. An
/// immutable value.
/// </summary>
/// <remarks>
/// That is no proof of a fault: where several units stand at their kinks at once, each may count the derivative of another side, as a right
/// gradient does. It is no proof of the contrary either.
/// </remarks>
/// <param name="Row">The row of the element.</param>
/// <param name="Column">Its column.</param>
/// <param name="Analytic">The analytic gradient there.</param>
/// <param name="Left">The derivative of the cost to the left of the element's value.</param>
/// <param name="Right">The derivative to the right.</param>
public sealed record GradientKink(int Row, int Column, double Analytic, double Left, double Right)
{
    /// <summary>The element and the three numbers.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"({Row}, {Column}): analytic {Analytic:g8}, to the left {Left:g8}, to the right {Right:g8}");
}
