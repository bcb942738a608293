namespace DeepLearn.Samples.CommandLine;

/// <summary>Something that the user can put right: its message is the one line that they see.</summary>
public sealed class SampleException : Exception
{
    /// <summary>A failure.</summary>
    public SampleException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
