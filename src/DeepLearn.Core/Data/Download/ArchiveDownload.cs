using System.Net;
using System.Security.Cryptography;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Download;

/// <summary>Downloads a published file into a folder, whole and verified, or not at all.</summary>
public static class ArchiveDownload
{
    // The first bounds connecting, for an address that no one answers; the second bounds the silence of a server that stops sending.
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Downloads a file into a temporary one beside its place, compares size and SHA-256, flushes it to disk and only then gives it its
    /// name.
    /// </summary>
    /// <param name="archive">The file.</param>
    /// <param name="folder">The folder that it goes to; made where it is missing.</param>
    /// <param name="progress">Told of the bytes received; null for no reports.</param>
    /// <param name="cancellationToken">Stops the download; nothing is left behind.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="ArgumentException">The address is not http or https, or the file name is not a plain name.</exception>
    /// <exception cref="DownloadException">
    /// No connection within 10 seconds, silence for 30, an answer other than success, a size or checksum other than expected, or a folder
    /// that cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The download was stopped.</exception>
    public static async Task<string> FetchAsync(
        RemoteArchive archive, string folder, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        CheckIsPlain(archive);
        string path = Path.Combine(folder, archive.FileName);
        try
        {
            using PendingFile file = PendingFile.Begin(path, FileOptions.Asynchronous);
            await ReceiveAsync(archive, file.Stream, progress, cancellationToken).ConfigureAwait(false);
            file.Commit();
            return path;
        }
        catch (Exception exception)
        {
            if (exception is OperationCanceledException)
                cancellationToken.ThrowIfCancellationRequested();
            if (exception is DownloadException)
                throw;
            if (exception is OperationCanceledException)
            {
                throw new DownloadException(
                    $"{archive.Address} did not answer: no connection within {LongestConnecting.TotalSeconds} s, or silence for "
                    + $"{LongestSilence.TotalSeconds} s.",
                    exception);
            }
            if (exception is HttpRequestException or IOException or UnauthorizedAccessException)
                throw new DownloadException($"{archive.Address} could not be downloaded to {path}: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>
    /// Finds a file in a folder, or downloads it: where it is missing, and where it is damaged, which its size and SHA-256 tell.
    /// </summary>
    /// <param name="archive">The file.</param>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="progress">Told of the bytes received; null for nobody.</param>
    /// <param name="cancellationToken">Stops the check or the download.</param>
    /// <returns>The path of the file, and whether it was downloaded.</returns>
    /// <exception cref="ArgumentException">The address is not http or https, or the file name is not a plain name.</exception>
    /// <exception cref="IOException">The file that is there cannot be read.</exception>
    /// <exception cref="DownloadException">
    /// It has to be downloaded, and cannot be, as for <see cref="FetchAsync"/>. A damaged file stays where it is, and the message says so.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static async Task<(string Path, bool IsDownloaded)> FindOrFetchAsync(
        RemoteArchive archive, string folder, IProgress<DataProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        CheckIsPlain(archive);
        string path = Path.Combine(folder, archive.FileName);
        string? damage = File.Exists(path) ? await DamageOfAsync(archive, path, cancellationToken).ConfigureAwait(false) : "";
        if (damage is null)
            return (path, false);
        try
        {
            return (await FetchAsync(archive, folder, progress, cancellationToken).ConfigureAwait(false), true);
        }
        catch (DownloadException exception) when (damage.Length > 0)
        {
            throw new DownloadException($"{path} is damaged, {damage}, and could not be fetched again: {exception.Message}", exception);
        }
    }

    /// <summary>What is wrong with a file; null where nothing is.</summary>
    private static async Task<string?> DamageOfAsync(RemoteArchive archive, string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.Asynchronous);
        if (file.Length != archive.Length)
            return $"with {file.Length} bytes of {archive.Length}";
        string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        return string.Equals(found, archive.Sha256, StringComparison.OrdinalIgnoreCase) ? null : $"with the SHA-256 {found}";
    }

    private static void CheckIsPlain(RemoteArchive archive)
    {
        if (!archive.Address.IsAbsoluteUri || (archive.Address.Scheme != Uri.UriSchemeHttp && archive.Address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException(
                $"The address of an archive is absolute, http or https; found '{archive.Address.OriginalString}'.", nameof(archive));
        }
        string name = archive.FileName;
        if (name is null or "" or "." or ".." || name.AsSpan().IndexOfAny('/', '\\', ':') >= 0 || name != Path.GetFileName(name))
        {
            throw new ArgumentException(
                $"The file name of an archive is a plain name, without folders; found '{name}'.", nameof(archive));
        }
    }

    private static async Task ReceiveAsync(
        RemoteArchive archive, FileStream file, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(LongestSilence);
        using var handler = new SocketsHttpHandler { ConnectTimeout = LongestConnecting };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using HttpResponseMessage response = await client
            .GetAsync(archive.Address, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new DownloadException($"{archive.Address} answered {(int)response.StatusCode} {response.ReasonPhrase}; expected 200.");
        if (response.Content.Headers.ContentLength is { } announced && announced != archive.Length)
            throw new DownloadException($"{archive.Address} announces {announced} bytes; expected {archive.Length}.");

        using Stream body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        long received = 0;
        while (true)
        {
            silence.CancelAfter(LongestSilence);
            int count = await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false);
            if (count == 0)
                break;
            received += count;
            if (received > archive.Length)
                throw new DownloadException($"{archive.Address} sends more than the expected {archive.Length} bytes.");
            hash.AppendData(buffer, 0, count);
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            progress?.Report(new($"downloading {archive.FileName}", received, archive.Length));
        }
        if (received != archive.Length)
            throw new DownloadException($"{archive.Address} was cut off after {received} bytes; expected {archive.Length}.");
        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (!string.Equals(found, archive.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new DownloadException($"{archive.Address} has SHA-256 {found}; expected {archive.Sha256.ToLowerInvariant()}.");
    }
}
