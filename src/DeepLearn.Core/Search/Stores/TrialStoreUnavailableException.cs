namespace DeepLearn.Search.Stores;

/// <summary>
/// A store that several processes share cannot be reached for now, such as while its server starts anew. The same call may be made again,
/// and does what it would have done.
/// </summary>
public sealed class TrialStoreUnavailableException : TrialStoreException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">Which store, and what is in the way.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public TrialStoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
