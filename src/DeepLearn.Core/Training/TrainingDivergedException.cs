using System.Globalization;

namespace DeepLearn.Training;

/// <summary>
/// The loss of a batch or the cost of an evaluation is infinite or not a number. The update of that step has not been made.
/// </summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    /// <summary>Makes an exception for a step.</summary>
    /// <param name="what">What is not finite: the loss of a batch, or the cost on a data set.</param>
    /// <param name="step">The number of updates made before.</param>
    /// <param name="value">The value found.</param>
    /// <param name="rate">The learning rate at that step.</param>
    public TrainingDivergedException(string what, long step, double value, double rate)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged at step {step}: the {what} must be finite; found {value}. The learning rate there is {rate:g4}."))
    {
        Step = step;
    }

    /// <summary>The number of updates made before.</summary>
    public long Step { get; }
}
