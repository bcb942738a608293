using System.Diagnostics;

namespace DeepLearn.Benchmarks.Experiments;

/// <summary>Starts this program again, for what is to be measured in a process of its own: a process has one peak of memory.</summary>
internal static class OwnProcess
{
    /// <summary>Runs it and returns what it prints; its errors go where ours do.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="InvalidOperationException">It cannot be started, or ends with another exit code than 0.</exception>
    public static string Run(params IReadOnlyList<string> arguments)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("This program's file is not known.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true };

        // Either the program is its own file, or it is the first argument of dotnet.
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
