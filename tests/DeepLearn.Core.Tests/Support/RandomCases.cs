using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Support;

/// <summary>
/// How many random cases a property is tried with: what it says, times the number in <c>DEEPLEARN_CASES</c> where that is set. A fault that
/// one case in ten thousand shows is found in an hour that somebody chose, not by the run that happens to draw it.
/// </summary>
internal static class RandomCases
{
    private static readonly int Factor = Read(Environment.GetEnvironmentVariable("DEEPLEARN_CASES"));

    /// <summary>A number of cases, times what is asked for.</summary>
    public static int Times(int count) => count * Factor;

    /// <summary>A check by so many cases, times what is asked for, that throws where one is false.</summary>
    public static Config Of(int count) => Config.QuickThrowOnFailure.WithMaxTest(Times(count));

    private static int Read(string? asked)
    {
        if (string.IsNullOrEmpty(asked))
            return 1;
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int factor) && factor > 0
            ? factor
            : throw new InvalidOperationException($"DEEPLEARN_CASES is a whole number of 1 or more; found '{asked}'.");
    }
}
