using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace DeepLearn.Tests.Samples;

/// <summary>The built sample, run as its users run it: a process with arguments, an environment, two streams and an exit code.</summary>
internal sealed class SampleProcess : IDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private static readonly Lock Starting = new();
    private const nint Default = 0;
    private const nint Ignored = 1;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private SampleProcess(Process process) => _process = process;

    /// <summary>Starts the sample.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set, or with null to remove, beside those that keep it from the user's cache and the
    /// network.</param>
    public static SampleProcess Start(string[] arguments, params (string Name, string? Value)[] environment) =>
        StartOf("TwoLayerCifar10", arguments, environment);

    /// <summary>Starts another sample.</summary>
    /// <param name="sample">The name of its folder.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">As above.</param>
    public static SampleProcess StartOf(string sample, string[] arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(ProgramOf(sample));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        // No cache, and a proxy that refuses: whatever is not given is not there.
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(Path.GetTempPath(), "deeplearn-tests-no-cache");
        start.Environment["HTTPS_PROXY"] = start.Environment["https_proxy"] = "http://127.0.0.1:9";
        start.Environment.Remove("NO_PROXY");
        start.Environment.Remove("no_proxy");
        start.Environment.Remove("DEEPLEARN_CIFAR10");
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;

        var process = new SampleProcess(new Process { StartInfo = start });
        process._process.OutputDataReceived += (_, line) => Append(process._output, line.Data);
        process._process.ErrorDataReceived += (_, line) => Append(process._error, line.Data);
        lock (Starting)
        {
            // A caller that ignores SIGINT (nohup, some CI) would hand that down to the process.
            bool isIgnored = !OperatingSystem.IsWindows() && IsIgnored(SigInt);
            if (isIgnored)
                Signal(SigInt, Default);
            process._process.Start();
            if (isIgnored)
                Signal(SigInt, Ignored);
        }
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs the sample to its end.</summary>
    public static SampleRun Run(params string[] arguments)
    {
        using SampleProcess process = Start(arguments);
        return process.Wait();
    }

    /// <summary>Runs another sample to its end.</summary>
    public static SampleRun RunOf(string sample, params string[] arguments)
    {
        using SampleProcess process = StartOf(sample, arguments);
        return process.Wait();
    }

    /// <summary>Waits until something is so, or the process has ended.</summary>
    public void WaitUntil(Func<bool> isSo)
    {
        while (!_process.HasExited && !isSo())
            Thread.Sleep(20);
    }

    /// <summary>Sends a signal.</summary>
    public void Send(int signal)
    {
        if (!_process.HasExited && Kill(_process.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent.");
    }

    /// <summary>Waits for the end.</summary>
    public SampleRun Wait()
    {
        if (!_process.WaitForExit(Longest))
        {
            _process.Kill();
            throw new TimeoutException($"The sample did not end within {Longest}. Its output: {_output}");
        }
        _process.WaitForExit();
        return new(_process.ExitCode, Lines(_output), Lines(_error));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static string ProgramOf(string sample)
    {
        // bin/<configuration>/<framework>, as it is for the tests themselves.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string path = Path.Combine(
            Repository.Root, "samples", sample, "bin", framework.Parent!.Name, framework.Name, $"{sample}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException("The sample is built with the tests.", path);
    }

    private static void Append(StringBuilder lines, string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Append(line).Append('\n');
    }

    private static string[] Lines(StringBuilder lines)
    {
        lock (lines)
            return lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // What a process does with a signal begins with the address of its handler, or one of two numbers, on every Unix.
    private static bool IsIgnored(int signal)
    {
        var disposition = new nint[64];
        return Query(signal, 0, disposition) == 0 && disposition[0] == Ignored;
    }

    [DllImport("libc", EntryPoint = "sigaction")]
    private static extern int Query(int signal, nint none, [Out] nint[] disposition);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}

/// <summary>What came of a run.</summary>
internal sealed record SampleRun(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)
{
    /// <summary>All of it, for messages.</summary>
    public override string ToString() =>
        $"exit code {ExitCode}\n--- output\n{string.Join('\n', Output)}\n--- error\n{string.Join('\n', Error)}";
}
