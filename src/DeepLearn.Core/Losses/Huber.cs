using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// Squares small errors and takes the magnitude of large ones: for the error e of an output, <c>e^2 / 2</c> where <c>|e| &lt;= delta</c>,
/// otherwise <c>delta * (|e| - delta / 2)</c>; derivative e, limited to the range from -delta to delta. The mean over examples and outputs.
/// </summary>
/// <remarks>Huber, "Robust Estimation of a Location Parameter", 1964. The same as PyTorch's <c>HuberLoss</c>.</remarks>
/// <example><code>
/// var outputs = Matrix&lt;float&gt;.FromArray(new float[,] { { 1 }, { 5 } });
/// var targets = Matrix&lt;float&gt;.FromArray(new float[,] { { 1.5f }, { 2 } });
/// Console.WriteLine(new Huber(delta: 1).Compute(outputs, Targets&lt;float&gt;.FromValues(targets), default));    // prints 1.3125
/// </code></example>
public sealed record Huber : Loss
{
    /// <summary>Sets the threshold.</summary>
    /// <param name="delta">
    /// The error at which squares turn into magnitudes, in the unit of the targets; finite and above 0. Default 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="delta"/> is out of its range.</exception>
    public Huber(double delta = 1) => Delta = delta;

    /// <summary>The error at which squares turn into magnitudes, finite and above 0.</summary>
    public double Delta { get; init => field = LossGuard.Positive(value, nameof(Delta)); }

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
        ElementwiseLoss.Compute(new Element(Delta), Reduction, outputs, targets, gradient);

    private readonly struct Element(double delta) : IElementLoss
    {
        public double Compute(double output, double target, out double derivative)
        {
            double error = output - target;
            derivative = error > delta ? delta : error < -delta ? -delta : error;
            return Math.Abs(error) > delta ? delta * (Math.Abs(error) - (0.5 * delta)) : 0.5 * error * error;
        }
    }
}
