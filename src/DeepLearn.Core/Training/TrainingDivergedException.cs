using System.Globalization;

namespace DeepLearn.Training;

/// <summary>
/// The loss of a batch, the cost of an evaluation, or a number of a model that is to be kept in a checkpoint is infinite or not a number.
/// The update of that step has not been made.
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

    /// <summary>An exception for a model that is about to be written into a checkpoint.</summary>
    /// <param name="what">What is not finite: a number of a parameter.</param>
    /// <param name="step">The number of updates made before.</param>
    /// <param name="value">The value found.</param>
    public TrainingDivergedException(string what, long step, double value)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"Training diverged before step {step}: every {what} must be finite; found {value}. No checkpoint is written."))
    {
        Step = step;
    }

    /// <summary>The same, with its cause.</summary>
    /// <param name="found">What was found.</param>
    /// <param name="cause">Why it is so, or what helps.</param>
    internal TrainingDivergedException(TrainingDivergedException found, string cause)
        : base($"{found.Message} {cause}", found)
    {
        Step = found.Step;
    }

    /// <summary>The number of updates made before.</summary>
    public long Step { get; }
}
