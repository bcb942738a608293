using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Regularizers;

/// <summary>
/// The squared length of the weights: penalty <c>lambda * sum(w^2)</c>, so derivative <c>2 * lambda * w</c> (ridge regression; Hoerl and
/// Kennard, 1970).
/// </summary>
/// <remarks>
/// There is no factor of one half. Frameworks that call <c>weight_decay</c> the factor in <c>derivative = weight_decay * w</c> have twice
/// this lambda there.
/// </remarks>
/// <example><code>TrainingPlan penalized = plan with { Regularizer = new L2(0.01) };</code></example>
public sealed record L2 : Regularizer
{
    /// <summary>The penalty with the given factor.</summary>
    /// <param name="lambda">The factor, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lambda"/> is negative, infinite or not a number.</exception>
    public L2(double lambda) => Lambda = lambda;

    /// <summary>The factor, finite and at least 0.</summary>
    public double Lambda { get; init => field = RegularizerGuard.Factor(value, nameof(Lambda)); }

    /// <inheritdoc/>
    public override PenaltyGradient Gradient => new(Linear: 2 * Lambda, Sign: 0);

    /// <inheritdoc/>
    public override double Penalty<T>(ReadOnlyMatrixView<T> value) => Lambda * MatrixSums.Squares(value);
}
