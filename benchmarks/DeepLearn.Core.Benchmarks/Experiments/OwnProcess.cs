using System.Diagnostics;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Starts this program again, to measure something in a process of its own, since a process has only one memory peak.</summary>
internal static class OwnProcess
{
    /// <summary>Runs the program and returns its output; its errors go to our error stream.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="InvalidOperationException">The program cannot be started, or its exit code is not 0.</exception>
    public static string Run(params IReadOnlyList<string> arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This program's file is not known.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };

        // The program is either an executable of its own, or the first argument of dotnet.
        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
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
