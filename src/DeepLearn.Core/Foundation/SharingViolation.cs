namespace DeepLearn.Foundation;

/// <summary>Tells the error of a file that somebody else holds from other errors of files.</summary>
internal static class SharingViolation
{
    /// <summary>Whether a file could not be opened because it is open elsewhere, and not shared.</summary>
    /// <param name="exception">What opening it threw.</param>
    public static bool Is(IOException exception)
    {
        // On Windows ERROR_SHARING_VIOLATION; elsewhere the errno of flock, EAGAIN, which is 11 on Linux, and 35 on macOS and BSD.
        const int Windows = unchecked((int)0x80070020), Linux = 11, Bsd = 35;
        return exception.HResult is Windows or Linux or Bsd;
    }
}
