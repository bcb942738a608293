using DeepLearn.Data.Download;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Cifar;

/// <summary>
/// Where CIFAR-10 is looked for, an immutable value. In this order: a given path; the path in an environment variable; the cache folder;
/// the official archive, downloaded into the cache folder. The first that is set counts: a given path that is wrong is an error, not a
/// reason to look further.
/// </summary>
/// <example><code>
/// // LocateAsync looks in the same places, and downloads the archive where it is in none of them.
/// if (new Cifar10Source().Find() is { } found)
///     Console.WriteLine($"{found.Path}, {found.Origin}");
/// </code></example>
public sealed record Cifar10Source
{
    /// <summary>The name of the environment variable that is looked at by default, <c>DEEPLEARN_CIFAR10</c>.</summary>
    public const string DefaultVariable = "DEEPLEARN_CIFAR10";

    /// <summary>A folder or archive to take; null, the default, to look further.</summary>
    public string? Path { get; init; }

    /// <summary>The environment variable with a folder or archive; default <see cref="DefaultVariable"/>.</summary>
    public string Variable { get; init => field = PropertyGuard.NotNull(value); } = DefaultVariable;

    /// <summary>The cache folder; null, the default, for <see cref="DataCache.DefaultFolder"/>.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>What is downloaded, and kept in the cache under its name; default the official archive.</summary>
    public RemoteArchive Archive { get; init => field = PropertyGuard.NotNull(value); } = RemoteArchive.Cifar10;

    /// <summary>Looks without the network.</summary>
    /// <returns>
    /// Where it is; null if it would have to be downloaded. Whether it can be read is for <see cref="Cifar10Files.Load"/> to find out.
    /// </returns>
    public Cifar10Location? Find()
    {
        if (!string.IsNullOrEmpty(Path))
            return new(Path, Cifar10Origin.Explicit);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return new(named, Cifar10Origin.Environment);
        if ((CacheFolder ?? DataCache.DefaultFolder()) is not { } cache)
            return null;
        string folder = System.IO.Path.Combine(cache, Cifar10Files.Format.Folder);
        if (Directory.Exists(folder))
            return new(folder, Cifar10Origin.Cache);

        // A file gets the archive's name only once it has been verified; a file of another size is not the archive, and is downloaded
        // again, as is one of another SHA-256, which LocateAsync alone takes the time to compute.
        string archive = System.IO.Path.Combine(cache, Archive.FileName);
        return File.Exists(archive) && CifarReader.LengthOf(archive) == Archive.Length ? new(archive, Cifar10Origin.Cache) : null;
    }

    /// <summary>Looks, and downloads where nothing is found, or where the archive in the cache is damaged.</summary>
    /// <param name="progress">Told of the bytes received; null for no reports.</param>
    /// <param name="cancellationToken">Stops the download; nothing is left behind.</param>
    /// <exception cref="DownloadException">It is not there, or damaged, and cannot be downloaded; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public async Task<Cifar10Location> LocateAsync(IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Find() is { } found && (found.Origin != Cifar10Origin.Cache || Directory.Exists(found.Path)))
            return found;
        string cache = CacheFolder ?? DataCache.DefaultFolder()
            ?? throw new DownloadException("There is no home folder to keep a download in; set XDG_CACHE_HOME, or give a path.");
        (string path, bool isDownloaded) =
            await ArchiveDownload.FindOrFetchAsync(Archive, cache, progress, cancellationToken).ConfigureAwait(false);
        return new(path, isDownloaded ? Cifar10Origin.Download : Cifar10Origin.Cache);
    }
}
