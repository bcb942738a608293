using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// The sum of the weights' magnitudes: penalty <c>lambda * sum(|w|)</c>, so derivative <c>lambda * sign(w)</c>, 0 at 0 (the lasso;
/// Tibshirani, "Regression Shrinkage and Selection via the Lasso", 1996).
/// </summary>
/// <remarks>
/// It draws small weights toward 0, but steps along a subgradient rarely meet 0 exactly: for a model that is sparse, set to 0 afterwards
/// what is small.
/// </remarks>
/// <example><code>TrainingPlan sparse = plan with { Regularizer = new L1(0.001) };</code></example>
public sealed record L1 : Regularizer
{
    /// <summary>The penalty with the given factor.</summary>
    /// <param name="lambda">The factor, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lambda"/> is negative, infinite or not a number.</exception>
    public L1(double lambda) => Lambda = lambda;

    /// <summary>The factor, finite and at least 0.</summary>
    public double Lambda { get; init => field = RegularizerGuard.Factor(value, nameof(Lambda)); }

    /// <inheritdoc/>
    public override PenaltyGradient Gradient => new(Linear: 0, Sign: Lambda);

    /// <inheritdoc/>
    public override double Penalty<T>(ReadOnlyMatrixView<T> value) => Lambda * MatrixSums.Magnitudes(value);
}
