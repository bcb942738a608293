namespace DeepLearn.Models;

/// <summary>A file holds the weights of another model than the one they were to be loaded into. Nothing has been changed then.</summary>
public sealed class ModelMismatchException : IOException
{
    /// <summary>An exception.</summary>
    /// <param name="message">Which file, what was expected and what was found.</param>
    public ModelMismatchException(string message)
        : base(message)
    {
    }
}
