namespace DeepLearn.Tests.Support;

/// <summary>What killed writers leave beside a file's place.</summary>
internal static class Remains
{
    /// <summary>Makes them as old as they must be for the next writer to take them for nobody's: older than a minute.</summary>
    public static void MakeOld(string folder)
    {
        foreach (string path in Directory.GetFiles(folder, "*.partial", SearchOption.AllDirectories))
            MakeFileOld(path);
    }

    /// <summary>Makes one file so old.</summary>
    public static void MakeFileOld(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(-2));
}
