namespace DeepLearn.Search.Stores;

/// <summary>
/// A store of trials cannot be used: it is in use, damaged, of another search, or not to be read or written. The message says which, and
/// where.
/// </summary>
public class TrialStoreException : IOException
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was expected and what was found, with the name of the store.</param>
    /// <param name="innerException">The cause; null if there is none.</param>
    public TrialStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
