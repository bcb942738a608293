using System.ComponentModel;
using System.Diagnostics;

namespace DeepLearn.Search.PostgreSql.Tests;

/// <summary>Programs of the system.</summary>
internal static class Shell
{
    /// <summary>Runs a program.</summary>
    /// <returns>What went wrong; null if nothing did.</returns>
    public static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program} {string.Join(' ', arguments)}: {error.Trim()}";
        }
        catch (Win32Exception exception)
        {
            return $"{program}: {exception.Message}";
        }
    }
}
