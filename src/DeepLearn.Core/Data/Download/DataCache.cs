namespace DeepLearn.Data.Download;

/// <summary>The folder in which downloaded data is kept from one run to the next.</summary>
public static class DataCache
{
    /// <summary>
    /// The folder <c>DeepLearn</c> in the user's cache: in <c>XDG_CACHE_HOME</c> where that is set, else in <c>%LOCALAPPDATA%</c> on
    /// Windows, <c>~/Library/Caches</c> on macOS and <c>~/.cache</c> elsewhere. It need not exist yet.
    /// </summary>
    /// <returns>The path; null if the user has no home folder.</returns>
    public static string? DefaultFolder()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root) || !Path.IsPathFullyQualified(root))
        {
            root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (string.IsNullOrEmpty(root))
                return null;
            if (OperatingSystem.IsMacOS())
                root = Path.Combine(root, "Library", "Caches");
            else if (!OperatingSystem.IsWindows())
                root = Path.Combine(root, ".cache");
        }
        return Path.Combine(root, "DeepLearn");
    }
}
