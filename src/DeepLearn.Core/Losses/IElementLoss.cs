namespace DeepLearn.Losses;

/// <summary>
/// The loss of one output against one target, and its derivative. <see cref="ElementwiseLoss"/> applies it to a batch, yours as well as the
/// library's. Write it as a readonly struct with the options of the loss as fields.
/// </summary>
/// <remarks>It is computed in double in either precision, so that the square of an error of 1e20 in float is a number.</remarks>
/// <example><code>
/// readonly struct LogCoshElement : IElementLoss
/// {
///     public double Compute(double output, double target, out double derivative)
///     {
///         double size = Math.Abs(output - target);
///         derivative = Math.Tanh(output - target);
///         return size + Math.Log((1 + Math.Exp(-2 * size)) / 2);
///     }
/// }
/// </code></example>
public interface IElementLoss
{
    /// <summary>The loss of an output.</summary>
    /// <param name="output">The network's output.</param>
    /// <param name="target">What it should have been.</param>
    /// <param name="derivative">The derivative of the loss with respect to the output.</param>
    double Compute(double output, double target, out double derivative);
}
