using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// The mean of the magnitudes of the errors: <c>loss = mean(|o - t|)</c> for outputs o and targets t; derivative <c>sign(o - t)</c> over
/// the same number, 0 where the error is 0.
/// </summary>
/// <remarks>
/// Least absolute deviations: Boscovich, 1757, and Laplace, 1793. A single error that is far off counts less than with
/// <see cref="MeanSquaredError"/>. The mean is over examples and outputs, as in PyTorch's <c>L1Loss</c>, unless <see cref="Reduction"/>
/// says otherwise.
/// </remarks>
/// <example><code>
/// var outputs = Matrix&lt;float&gt;.FromArray(new float[,] { { 1 }, { 5 } });
/// var targets = Matrix&lt;float&gt;.FromArray(new float[,] { { 1.5f }, { 2 } });
/// Console.WriteLine(new MeanAbsoluteError().Compute(outputs, Targets&lt;float&gt;.FromValues(targets), default));    // prints 1.75
/// </code></example>
public sealed record MeanAbsoluteError : Loss
{
    /// <summary>How the terms of an example's outputs become its loss. Default <see cref="OutputReduction.Mean"/>.</summary>
    public OutputReduction Reduction { get; init => field = LossGuard.Known(value); }

    /// <inheritdoc/>
    public override bool TakesLabels => false;

    /// <inheritdoc/>
    public override bool TakesValues => true;

    /// <inheritdoc/>
    public override bool IsLeastAtTarget => true;

    /// <inheritdoc/>
    protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient) =>
        ElementwiseLoss.Compute(default(Element), Reduction, outputs, targets, gradient);

    private readonly struct Element : IElementLoss
    {
        public double Compute(double output, double target, out double derivative)
        {
            double error = output - target;
            derivative = error > 0 ? 1 : error < 0 ? -1 : error;
            return Math.Abs(error);
        }
    }
}
