namespace DeepLearn.Models;

/// <summary>A file holds the weights of a model other than the one that they were to be loaded into. The model is unchanged.</summary>
public sealed class ModelMismatchException : IOException
{
    /// <summary>An exception.</summary>
    /// <param name="message">Which file, what was expected and what was found.</param>
    public ModelMismatchException(string message)
        : base(message)
    {
    }
}
