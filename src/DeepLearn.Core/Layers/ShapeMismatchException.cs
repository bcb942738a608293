namespace DeepLearn.Layers;

/// <summary>
/// A layer was given an input of a shape that it does not take. The message names the layer, what it takes and what was found.
/// </summary>
public sealed class ShapeMismatchException : ArgumentException
{
    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">The layer, what it takes and what was found.</param>
    public ShapeMismatchException(string message)
        : base(message)
    {
    }
}
