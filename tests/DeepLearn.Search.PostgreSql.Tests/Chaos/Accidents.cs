using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DeepLearn.Search.PostgreSql.Tests.Chaos;

/// <summary>Processes that run one search together, and what befalls them.</summary>
/// <param name="arguments">Where the trials are kept.</param>
/// <param name="trials">How many trials the search has.</param>
/// <param name="pace">How long a trial takes: up to 28 times so many milliseconds.</param>
/// <param name="gate">A file that is there once the accidents are over: the last trial waits for it.</param>
/// <param name="networks">The networks of the processes, in turn; null for this machine's own.</param>
internal sealed class Accidents(string[] arguments, int trials, int pace, string gate, NetworkNamespaces? networks = null) : IDisposable
{
    /// <summary>After so long without a sign of life a trial is another process's.</summary>
    public const int LeaseInMilliseconds = 500;

    private const int Kill = 9, Continue = 18, Stop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private readonly Random _random = new(11);
    private readonly List<(Process Process, StringBuilder Errors, int Network)> _workers = [];

    private IEnumerable<string> Arguments => [.. arguments, $"{trials}", $"{pace}", $"{LeaseInMilliseconds}", gate];

    /// <summary>What the results are without accidents, by one process.</summary>
    public static string DigestOfOne(int trials)
    {
        using Process process = Start(["none", $"{trials}", "0", "1000", "-"], []);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return DigestIn(output);
    }

    /// <summary>What one process says that cannot go on.</summary>
    public string ErrorOfOne()
    {
        using Process process = Start([.. Arguments], []);
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 1
            ? error
            : throw new InvalidOperationException($"Expected exit code 1, found {process.ExitCode}: {error}");
    }

    /// <summary>Starts the processes.</summary>
    public void Begin(int workers)
    {
        for (int i = 0; i < workers; i++)
            Add(i);
    }

    /// <summary>Kills a process, and starts another in its place.</summary>
    public void KillOne()
    {
        int victim = Victim();
        (Process process, _, int network) = _workers[victim];
        Send(process, Kill);
        process.WaitForExit();
        process.Dispose();
        _workers.RemoveAt(victim);
        Add(network);
    }

    /// <summary>Stops a process for longer than its lease, and lets it go on.</summary>
    public void StopOne()
    {
        Process victim = _workers[Victim()].Process;
        Send(victim, Stop);
        Thread.Sleep(3 * LeaseInMilliseconds);
        Send(victim, Continue);
    }

    /// <summary>Pulls the cable of a process out for longer than its lease, and plugs it in again.</summary>
    public void CutOne()
    {
        int network = _workers[Victim()].Network;
        networks!.Cut(network);
        Thread.Sleep(4 * LeaseInMilliseconds);
        networks.Mend(network);
    }

    /// <summary>Waits for something that the processes do.</summary>
    public static void WaitUntil(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(20))
        {
            if (clock.Elapsed > Patience)
                throw new TimeoutException("The processes did nothing.");
        }
    }

    /// <summary>Lets some time go by.</summary>
    public void Wait() => Thread.Sleep(_random.Next(5 * pace, 40 * pace));

    /// <summary>Opens the gate and waits for the end of the search. A process that had given up is started anew.</summary>
    /// <returns>The digests that the processes found.</returns>
    public IReadOnlyList<string> Finish()
    {
        File.WriteAllText(gate, "");
        var digests = new List<string>();
        var clock = Stopwatch.StartNew();
        while (_workers.Count > 0)
        {
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"The search did not end: {string.Join("; ", _workers.Select(worker => worker.Errors))}");
            foreach ((Process process, StringBuilder errors, int network) in _workers.ToArray())
            {
                if (!process.WaitForExit(20))
                    continue;
                process.WaitForExit();
                _workers.RemoveAll(worker => worker.Process == process);
                string output = process.StandardOutput.ReadToEnd();
                if (process.ExitCode == 0)
                    digests.Add(DigestIn(output));
                else if (errors.Length == 0)
                    throw new InvalidOperationException($"A process ended with {process.ExitCode} and no word: {output}");
                else
                    Add(network);
                process.Dispose();
            }
        }
        return digests;
    }

    public void Dispose()
    {
        foreach ((Process process, _, _) in _workers)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }

    private static string DigestIn(string output) =>
        output.StartsWith("digest ", StringComparison.Ordinal)
            ? output.Trim()
            : throw new InvalidOperationException($"Expected the digest alone, and no trial with two results; found: {output}");

    private static Process Start(string[] all, string[] within)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string tests = framework.Parent!.Parent!.Parent!.Parent!.FullName;
        string program = Path.Combine(
            tests, "DeepLearn.Search.Worker", "bin", framework.Parent.Name, framework.Name, "DeepLearn.Search.Worker.dll");
        string[] command = [.. within, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", "exec", program, .. all];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static void Send(Process process, int signal)
    {
        if (!process.HasExited)
            _ = Signal(process.Id, signal);
    }

    // One of the older half, which are not still starting.
    private int Victim() => _random.Next((_workers.Count + 1) / 2);

    private void Add(int network)
    {
        Process process = Start([.. Arguments], networks?.Within(network) ?? []);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => errors.Append(line.Data);
        process.BeginErrorReadLine();
        _workers.Add((process, errors, network));
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
