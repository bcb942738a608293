using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// Magnitudes and squares together: penalty <c>lambda1 * sum(|w|) + lambda2 * sum(w^2)</c>, so derivative <c>lambda1 * sign(w) + 2 *
/// lambda2 * w</c> (Zou and Hastie, "Regularization and Variable Selection via the Elastic Net", 2005).
/// </summary>
/// <remarks>
/// The same as <c>new L1(lambda1) + new L2(lambda2)</c>. The paper's rescaling of the solution by <c>1 + lambda2</c> is left out, as it is
/// everywhere outside linear regression.
/// </remarks>
/// <example><code>TrainingPlan both = plan with { Regularizer = new ElasticNet(magnitudes: 0.001, squares: 0.01) };</code></example>
public sealed record ElasticNet : Regularizer
{
    /// <summary>The penalty with the given factors.</summary>
    /// <param name="magnitudes">lambda1, the factor of the magnitudes, finite and at least 0.</param>
    /// <param name="squares">lambda2, the factor of the squares, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A factor is negative, infinite or not a number.</exception>
    public ElasticNet(double magnitudes, double squares)
    {
        Magnitudes = magnitudes;
        Squares = squares;
    }

    /// <summary>The factor of the magnitudes, finite and at least 0.</summary>
    public double Magnitudes { get; init => field = RegularizerGuard.Factor(value, nameof(Magnitudes)); }

    /// <summary>The factor of the squares, finite and at least 0.</summary>
    public double Squares { get; init => field = RegularizerGuard.Factor(value, nameof(Squares)); }

    /// <inheritdoc/>
    public override PenaltyGradient Gradient => new(Linear: 2 * Squares, Sign: Magnitudes);

    /// <inheritdoc/>
    public override double Penalty<T>(ReadOnlyMatrixView<T> value) =>
        (Magnitudes * MatrixSums.Magnitudes(value)) + (Squares * MatrixSums.Squares(value));
}
