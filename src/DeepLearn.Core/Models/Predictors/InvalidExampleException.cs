namespace DeepLearn.Models.Predictors;

/// <summary>
/// An example cannot be predicted: a feature is missing, unknown or out of range, or there are too few or too many. The caller's data is at
/// fault, not the program: a web service answers it with status 400. Nothing has been predicted.
/// </summary>
public sealed class InvalidExampleException : ArgumentException
{
    /// <summary>An exception.</summary>
    /// <param name="message">What was expected and what was found.</param>
    /// <param name="feature">The feature at fault; null if it is the whole example.</param>
    /// <param name="example">The position of the example in its batch, from 0; null if there is only one.</param>
    public InvalidExampleException(string message, string? feature = null, int? example = null)
        : base(message)
    {
        Feature = feature;
        Example = example;
    }

    /// <summary>The feature at fault; null if it is the whole example.</summary>
    public string? Feature { get; }

    /// <summary>The position of the example in its batch, from 0; null if there is only one.</summary>
    public int? Example { get; }
}
