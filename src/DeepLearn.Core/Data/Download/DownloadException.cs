namespace DeepLearn.Data.Download;

/// <summary>
/// A file could not be downloaded. The message names the address, what was expected and what was found. No partial file has been left.
/// </summary>
public sealed class DownloadException : IOException
{
    /// <summary>Makes an exception without a message.</summary>
    public DownloadException()
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">What happened.</param>
    public DownloadException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public DownloadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
