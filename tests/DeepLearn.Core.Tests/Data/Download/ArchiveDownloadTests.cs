using System.Security.Cryptography;
using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Data.Download;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Data.Download;

public class ArchiveDownloadTests : IDisposable
{
    private static readonly byte[] Body = MakeBody();
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-download-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder, "cache", "archive.tar.gz");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ArchiveDownload_stores_the_whole_file_under_its_name()
    {
        using var server = new LocalServer("200 OK", Body.Length, Body);
        var reports = new List<DataProgress>();
        Assert.Equal(Path, await FetchAsync(server, progress: new Collector(reports)));
        Assert.Equal(Body, await File.ReadAllBytesAsync(Path, Token));
        Assert.Single(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
        Assert.Equal(new DataProgress("downloading archive.tar.gz", Body.Length, Body.Length), reports[^1]);
    }

    [Fact]
    public async Task ArchiveDownload_without_announced_length_succeeds()
    {
        using var server = new LocalServer("200 OK", null, Body);
        await FetchAsync(server);
        Assert.Equal(Body, await File.ReadAllBytesAsync(Path, Token));
    }

    [Fact]
    public async Task ArchiveDownload_removes_a_partial_file_that_a_killed_run_left()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        string remains = Path + ".0123abcd.partial";
        await File.WriteAllBytesAsync(remains, new byte[Body.Length + 5], Token);
        Remains.MakeFileOld(remains);
        await ArchiveDownload_stores_the_whole_file_under_its_name();
    }

    [Fact]
    public async Task ArchiveDownload_cut_off_midway_is_refused()
    {
        using var announced = new LocalServer("200 OK", Body.Length, Body[..70_000]);
        Assert.Contains($"{announced.Address} could not be downloaded", await FailAsync(announced));
        using var unannounced = new LocalServer("200 OK", null, Body[..70_000]);
        Assert.Contains($"{unannounced.Address} was cut off after 70000 bytes; expected {Body.Length}.", await FailAsync(unannounced));
    }

    [Fact]
    public async Task ArchiveDownload_of_another_size_is_refused()
    {
        using var announced = new LocalServer("200 OK", Body.Length + 1, [.. Body, 0]);
        Assert.Contains($"announces {Body.Length + 1} bytes; expected {Body.Length}.", await FailAsync(announced));
        using var unannounced = new LocalServer("200 OK", null, [.. Body, 0]);
        Assert.Contains($"sends more than the expected {Body.Length} bytes", await FailAsync(unannounced));
    }

    [Fact]
    public async Task ArchiveDownload_with_a_wrong_checksum_is_refused()
    {
        byte[] other = [.. Body];
        other[77] ^= 1;
        using var server = new LocalServer("200 OK", other.Length, other);
        Assert.Contains(
            $"has SHA-256 {Convert.ToHexStringLower(SHA256.HashData(other))}; expected {Convert.ToHexStringLower(SHA256.HashData(Body))}.",
            await FailAsync(server));
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("500 Internal Server Error")]
    [InlineData("204 No Content")]
    public async Task ArchiveDownload_answer_other_than_success_is_refused(string status)
    {
        using var server = new LocalServer(status, 0, []);
        Assert.Contains($"answered {status}; expected 200.", await FailAsync(server));
    }

    [Fact]
    public async Task ArchiveDownload_from_a_missing_server_names_the_address()
    {
        Uri gone;
        using (var server = new LocalServer("200 OK", 0, []))
            gone = server.Address;
        DownloadException failure = await Assert.ThrowsAsync<DownloadException>(
            () => ArchiveDownload.FetchAsync(Archive(gone), _folder, null, Token));
        Assert.Contains($"{gone} could not be downloaded", failure.Message);
    }

    [Fact]
    public async Task ArchiveDownload_into_a_folder_that_cannot_be_made_names_the_folder()
    {
        string file = System.IO.Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", Token);
        using var server = new LocalServer("200 OK", Body.Length, Body);
        DownloadException failure = await Assert.ThrowsAsync<DownloadException>(
            () => ArchiveDownload.FetchAsync(Archive(server.Address), System.IO.Path.Combine(file, "below"), null, Token));
        Assert.Contains(file, failure.Message);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task ArchiveDownload_canceled_leaves_no_file()
    {
        using var server = new LocalServer("200 OK", Body.Length, Body, stallAfter: 70_000);
        using var stop = new CancellationTokenSource();
        Task<string> fetching = ArchiveDownload.FetchAsync(Archive(server.Address), _folder, new Canceler(stop), stop.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task ArchiveDownload_beside_another_download_of_the_same_file_stores_it_too()
    {
        string folder = Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!).FullName;
        using LocalServer slow = new("200 OK", Body.Length, Body, stallAfter: 70_000), fast = new("200 OK", Body.Length, Body);
        using var stop = new CancellationTokenSource();
        Task<string> stalled = ArchiveDownload.FetchAsync(Archive(slow.Address), folder, null, stop.Token);
        while (Directory.GetFiles(folder).Length == 0)
            await Task.Delay(1, Token);
        Assert.Equal(Path, await ArchiveDownload.FetchAsync(Archive(fast.Address), folder, null, Token));
        Assert.Equal(Body, await File.ReadAllBytesAsync(Path, Token));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stalled);
        Assert.Equal([Path], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task Cifar10Source_downloads_once_and_then_finds_its_cache()
    {
        using var server = new LocalServer("200 OK", Body.Length, Body);
        var source = new Cifar10Source
        {
            Variable = "DEEPLEARN_NO_SUCH_VARIABLE",
            CacheFolder = System.IO.Path.GetDirectoryName(Path),
            Archive = Archive(server.Address),
        };
        Assert.Null(source.Find());
        Assert.Equal(new Cifar10Location(Path, Cifar10Origin.Download), await source.LocateAsync(null, Token));
        Assert.Equal(new Cifar10Location(Path, Cifar10Origin.Cache), await source.LocateAsync(null, Token));
        Assert.Equal(1, server.Requests);

        await File.WriteAllBytesAsync(Path, Body[1..], Token);
        Assert.Equal(new Cifar10Location(Path, Cifar10Origin.Download), await source.LocateAsync(null, Token));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task Cifar10Source_damaged_archive_of_the_right_size_is_fetched_again()
    {
        using var server = new LocalServer("200 OK", Body.Length, Body);
        var source = new Cifar10Source
        {
            Variable = "DEEPLEARN_NO_SUCH_VARIABLE",
            CacheFolder = System.IO.Path.GetDirectoryName(Path),
            Archive = Archive(server.Address),
        };
        await source.LocateAsync(null, Token);
        byte[] damaged = [.. Body];
        damaged[Body.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(Path, damaged, Token);
        Assert.Equal(new Cifar10Location(Path, Cifar10Origin.Download), await source.LocateAsync(null, Token));
        Assert.Equal(Body, await File.ReadAllBytesAsync(Path, Token));
        Assert.Equal(2, server.Requests);
        Assert.Equal(new Cifar10Location(Path, Cifar10Origin.Cache), await source.LocateAsync(null, Token));
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task ArchiveDownload_damaged_file_that_cannot_be_fetched_again_stays_and_is_named()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        byte[] damaged = [.. Body[..^1], (byte)(Body[^1] ^ 1)];
        await File.WriteAllBytesAsync(Path, damaged, Token);
        using var server = new LocalServer("404 Not Found", 0, []);
        string message = (await Assert.ThrowsAsync<DownloadException>(() => ArchiveDownload.FindOrFetchAsync(
            Archive(server.Address), System.IO.Path.GetDirectoryName(Path)!, cancellationToken: Token))).Message;
        Assert.StartsWith($"{Path} is damaged, with the SHA-256 ", message);
        Assert.Contains("could not be fetched again", message);
        Assert.Contains("answered 404", message);
        Assert.Equal(damaged, await File.ReadAllBytesAsync(Path, Token));
    }

    [Fact]
    public void Cifar10Source_looks_at_path_then_variable_then_cache()
    {
        string variable = $"DEEPLEARN_TEST_{Guid.NewGuid():N}";
        var source = new Cifar10Source { Path = "given", Variable = variable, CacheFolder = _folder };
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "cifar-10-batches-bin"));
        Environment.SetEnvironmentVariable(variable, "named");
        Assert.Equal(new Cifar10Location("given", Cifar10Origin.Explicit), source.Find());
        Assert.Equal(new Cifar10Location("named", Cifar10Origin.Environment), (source with { Path = null }).Find());
        Environment.SetEnvironmentVariable(variable, null);
        Assert.Equal(
            new Cifar10Location(System.IO.Path.Combine(_folder, "cifar-10-batches-bin"), Cifar10Origin.Cache),
            (source with { Path = null }).Find());
    }

    [Fact]
    public void RemoteArchive_Cifar10_is_the_archive_that_its_author_publishes()
    {
        Assert.Equal("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", RemoteArchive.Cifar10.Address.ToString());
        Assert.Equal(170_052_171, RemoteArchive.Cifar10.Length);
        Assert.Equal(64, RemoteArchive.Cifar10.Sha256.Length);
        Assert.Equal(RemoteArchive.Cifar10, new Cifar10Source().Archive);
    }

    [Theory]
    [InlineData("../outside.tar.gz")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a/b.tar.gz")]
    [InlineData("/outside.tar.gz")]
    public async Task ArchiveDownload_file_name_that_leaves_the_folder_is_refused_before_anything_is_written(string name)
    {
        using var server = new LocalServer("200 OK", Body.Length, Body);
        RemoteArchive archive = Archive(server.Address) with { FileName = name };
        ArgumentException failure = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => ArchiveDownload.FetchAsync(archive, System.IO.Path.Combine(_folder, "cache"), null, Token));
        Assert.Contains($"found '{name}'", failure.Message);
        Assert.Equal(0, server.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("file:///etc/hostname")]
    [InlineData("ftp://example.org/archive.tar.gz")]
    [InlineData("archive.tar.gz")]
    public async Task ArchiveDownload_address_other_than_http_is_refused(string address)
    {
        ArgumentException failure = await Assert.ThrowsAnyAsync<ArgumentException>(
            () => ArchiveDownload.FetchAsync(Archive(new Uri(address, UriKind.RelativeOrAbsolute)), _folder, null, Token));
        Assert.Contains("http or https", failure.Message);
        Assert.Contains(address, failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task ArchiveDownload_onto_a_folder_of_its_name_leaves_no_partial_file()
    {
        Directory.CreateDirectory(Path);
        using var server = new LocalServer("200 OK", Body.Length, Body);
        await FailAsync(server);
    }

    private static byte[] MakeBody()
    {
        var body = new byte[300_000];
        new Random(1).NextBytes(body);
        return body;
    }

    private static RemoteArchive Archive(Uri address) =>
        new(address, "archive.tar.gz", Body.Length, Convert.ToHexString(SHA256.HashData(Body)));

    private Task<string> FetchAsync(LocalServer server, IProgress<DataProgress>? progress = null) =>
        ArchiveDownload.FetchAsync(Archive(server.Address), System.IO.Path.GetDirectoryName(Path)!, progress, Token);

    private async Task<string> FailAsync(LocalServer server)
    {
        DownloadException failure = await Assert.ThrowsAsync<DownloadException>(() => FetchAsync(server));
        Assert.Empty(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
        return failure.Message;
    }

    private sealed class Collector(List<DataProgress> reports) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => reports.Add(value);
    }

    private sealed class Canceler(CancellationTokenSource stop) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => stop.Cancel();
    }
}
