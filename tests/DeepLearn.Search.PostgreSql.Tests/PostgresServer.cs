using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(DeepLearn.Search.PostgreSql.Tests.PostgresServer))]

namespace DeepLearn.Search.PostgreSql.Tests;

/// <summary>
/// A PostgreSQL server of the tests' own, in a temporary folder, for an unprivileged user. Where its programs are not installed, tests that
/// need it are skipped and say so.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    private const string User = "tester";
    private readonly string? _programs = FindPrograms();
    private readonly Lazy<string> _folder;
    private readonly int _port = FreePort();

    public PostgresServer() => _folder = new Lazy<string>(Start);

    /// <summary>The address on which the server listens. Default: this machine's own.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>
    /// The megabytes of a file system of the server's own, in memory; 0, the default, for a folder. To be asked for by root alone.
    /// </summary>
    public int DiskInMegabytes { get; init; }

    /// <summary>What the server has written into its log.</summary>
    public string Log => File.ReadAllText(Path.Combine(Path.GetDirectoryName(_folder.Value)!, "log"));

    private string Ballast => Path.Combine(Path.GetDirectoryName(_folder.Value)!, "ballast");

    /// <summary>The connection to the server, which is started by the first who asks; skips the test where there is none.</summary>
    public string Connection
    {
        get
        {
            Assert.SkipWhen(
                _programs is null,
                "PostgreSQL's programs are absent: expected initdb and pg_ctl in /usr/lib/postgresql/*/bin or in the PATH "
                + "(on Debian: apt-get install postgresql).");
            _ = _folder.Value;
            return ConnectionOf("postgres");
        }
    }

    /// <summary>The connection to a database.</summary>
    public string ConnectionOf(string database, string user = User) =>
        $"Host={Address};Port={_port};Database={database};Username={user};Timeout=5;SSL Mode=Disable;GSS Encryption Mode=Disable";

    /// <summary>Runs a statement with all rights.</summary>
    public object? Execute(string sql, string database = "postgres")
    {
        using var connection = new NpgsqlConnection(ConnectionOf(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    /// <summary>Stops the server without a farewell, as if its machine had crashed, and starts it again.</summary>
    public void Crash()
    {
        Run("pg_ctl", "-D", _folder.Value, "-m", "immediate", "-w", "stop");
        Run("pg_ctl", [.. StartArguments(_folder.Value)]);
    }

    /// <summary>Cuts every connection but the one that does it.</summary>
    public void CutLinks()
    {
        try
        {
            Execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'DeepLearn search'");
        }
        catch (NpgsqlException)
        {
            // The server is starting.
        }
    }

    /// <summary>Leaves no room on the server's own file system.</summary>
    public void FillDisk()
    {
        using FileStream ballast = File.Create(Ballast, 1);
        for (int size = 1 << 20; size > 0; size /= 2)
        {
            try
            {
                while (true)
                    ballast.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Smaller pieces may still fit.
            }
        }
    }

    /// <summary>Makes room again, and starts the server if it gave up.</summary>
    public void FreeDisk()
    {
        File.Delete(Ballast);
        Start(_folder.Value);
    }

    public void Dispose()
    {
        if (!_folder.IsValueCreated)
            return;
        string folder = Path.GetDirectoryName(_folder.Value)!;
        try
        {
            Run("pg_ctl", "-D", _folder.Value, "-m", "immediate", "-w", "stop");
        }
        finally
        {
            if (DiskInMegabytes > 0)
                Shell.Run("umount", "--lazy", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? FindPrograms()
    {
        IEnumerable<string> places = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            : [];
        string path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return places.Concat(path.Split(Path.PathSeparator))
            .FirstOrDefault(place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string Start()
    {
        string folder = Directory.CreateTempSubdirectory("deeplearn-postgres-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL does not run as root; another user owns the folder then.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }
        string size = $"size={DiskInMegabytes}m,mode=777";
        if (DiskInMegabytes > 0 && Shell.Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", folder) is { } error)
            throw new InvalidOperationException($"A file system in memory cannot be mounted: {error}");
        string data = Path.Combine(folder, "data");
        Run("initdb", "-D", data, "-U", User, "-A", "trust", "-N", "-E", "UTF8", "--locale=C");
        if (Address != "127.0.0.1")
            File.AppendAllText(Path.Combine(data, "pg_hba.conf"), "host all all samenet trust\n");
        Run("pg_ctl", [.. StartArguments(data)]);
        return data;
    }

    private void Start(string data)
    {
        try
        {
            Run("pg_ctl", "-D", data, "status");
        }
        catch (InvalidOperationException)
        {
            Run("pg_ctl", [.. StartArguments(data)]);
        }
    }

    private IEnumerable<string> StartArguments(string data) =>
    [
        "-D", data, "-w", "-t", "120", "-l", Path.Combine(Path.GetDirectoryName(data)!, "log"),
        "-o", $"-p {_port} -c listen_addresses={Address} -c unix_socket_directories='' -c fsync=off "
            + "-c max_connections=60 -c min_wal_size=32MB -c max_wal_size=48MB",
        "start",
    ];

    private void Run(string program, params string[] arguments)
    {
        bool isRoot = !OperatingSystem.IsWindows() && Environment.UserName == "root";
        var start = new ProcessStartInfo(isRoot ? "setpriv" : Path.Combine(_programs!, program)) { WorkingDirectory = "/tmp" };
        if (isRoot)
        {
            foreach (string argument in new[] { "--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(_programs!, program) })
                start.ArgumentList.Add(argument);
        }
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        // What it starts inherits its streams: a pipe would stay open as long as the server runs.
        string log = Path.GetTempFileName();
        IEnumerable<string> words = new[] { start.FileName }.Concat(start.ArgumentList);
        string line = string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''")}'"));
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{line} > '{log}' 2>&1"]) { WorkingDirectory = "/tmp" })!;
        process.WaitForExit();
        string output = File.ReadAllText(log);
        File.Delete(log);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {output}");
    }
}
