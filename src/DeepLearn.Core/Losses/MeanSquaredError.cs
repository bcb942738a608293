using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// The mean of the squared errors: <c>loss = mean((o - t)^2)</c> for outputs o and targets t; derivative <c>2 * (o - t)</c> over the same
/// number.
/// </summary>
/// <remarks>
/// Legendre, "Nouvelles méthodes pour la détermination des orbites des comètes", 1805. There is no factor of one half. The mean is over
/// examples and outputs, as in PyTorch, unless <see cref="Reduction"/> says otherwise.
/// </remarks>
/// <example><code>
/// var outputs = Matrix&lt;float&gt;.FromArray(new float[,] { { 1 }, { 5 } });
/// var targets = Matrix&lt;float&gt;.FromArray(new float[,] { { 1.5f }, { 2 } });
/// Console.WriteLine(new MeanSquaredError().Compute(outputs, Targets&lt;float&gt;.FromValues(targets), default));    // prints 4.625
/// </code></example>
public sealed record MeanSquaredError : Loss
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
            derivative = error + error;
            return error * error;
        }
    }
}
