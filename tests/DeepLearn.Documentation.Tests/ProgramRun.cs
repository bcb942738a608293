using System.Globalization;
using System.Reflection;
using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>Runs what was compiled, in a folder of its own, and keeps what it prints.</summary>
internal static class ProgramRun
{
    /// <summary>Runs a program.</summary>
    /// <param name="name">What an error calls it.</param>
    /// <param name="entry">A static method, with the arguments of a program or without.</param>
    /// <param name="folder">The folder in which it runs.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It threw an exception.</exception>
    public static async Task<string> Of(string name, MethodInfo entry, ProgramFolder folder)
    {
        TextWriter console = Console.Out;
        CultureInfo culture = CultureInfo.CurrentCulture;
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            folder.Enter();
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            Console.SetOut(output);
            object? result = entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            if (result is Task task)
                await task;
        }
        catch (TargetInvocationException exception)
        {
            throw new InvalidOperationException($"{name}: {exception.InnerException}", exception.InnerException);
        }
        finally
        {
            Console.SetOut(console);
            CultureInfo.CurrentCulture = culture;
            folder.Leave();
        }
        return output.ToString();
    }

    /// <summary>Fails where a line that is stated was not printed.</summary>
    public static void RequireLines(string name, IEnumerable<string> stated, string output)
    {
        string[] printed = output.ReplaceLineEndings("\n").Split('\n');
        foreach (string line in stated)
            Assert.True(printed.Contains(line), $"{name}: expected to print \"{line}\"; found:\n{output}");
    }
}
