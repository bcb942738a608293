using System.Diagnostics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// Starts this program again, to measure something in a process of its own: a process has only one memory peak, and compiles its code once.
/// </summary>
internal static class OwnProcess
{
    /// <summary>Runs the program and returns its output; its errors go to our error stream.</summary>
    /// <remarks>
    /// Where <c>DEEPLEARN_HOST</c> names a program that runs built ones in place of <c>dotnet</c>, that one runs it: under another loader,
    /// the file of this process is the loader.
    /// </remarks>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="InvalidOperationException">The program cannot be started, or its exit code is not 0.</exception>
    public static string Run(params IReadOnlyList<string> arguments)
    {
        string? host = Environment.GetEnvironmentVariable("DEEPLEARN_HOST");
        string program = host ?? Environment.ProcessPath ?? throw new InvalidOperationException("This program's file is not known.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };

        // The program is either an executable of its own, or the first argument of dotnet.
        if (host is not null || Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException(
                $"The process of \"{string.Join(' ', arguments)}\" ended with exit code {process.ExitCode}.");
    }
}
