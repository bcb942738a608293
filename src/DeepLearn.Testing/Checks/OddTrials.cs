using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Testing.Checks;

/// <summary>Results with every number that is odd, and every text that some format stumbles over.</summary>
internal static class OddTrials
{
    /// <summary>Quotes, controls, line ends of several kinds, what other formats end a text with, and characters beyond 16 bits.</summary>
    public const string Text =
        "ä \"quoted\" 'too' \\ \r\n \t \u0001 \u2028 \u2029 \uFEFF \uFFFD \u202E e\u0301 \U0001F600 {}[],:;$1 %s -- NULL NaN";

    public static TrialResult[] Results()
    {
        SearchPoint edges = new(
            new NamedValue("lambda", new(1e-5)),
            new NamedValue("zero", new(-0.0)),
            new NamedValue("least", new(double.Epsilon)),
            new NamedValue("greatest", new(double.MaxValue)),
            new NamedValue("third", new(1.0 / 3)),
            new NamedValue(Text, new(Text)),
            new NamedValue("empty", new("")),
            new NamedValue("number", new("1e5")));
        return
        [
            new(new Trial(0, 0, 1, 0, edges), TrialState.Completed, 0.1 + 0.2) { Seconds = double.Epsilon },
            new(new Trial(0, int.MaxValue, int.MaxValue, ulong.MaxValue, new()), TrialState.Completed, -0.0)
            {
                Metrics =
                [
                    new("loss", double.NegativeInfinity), new("", double.NaN), new(Text, -0.0), new("infinity", double.PositiveInfinity),
                    new("tiny", 4.9e-324), new("edge", 9007199254740993), new("exact", 2.2250738585072014e-308),
                ],
            },
            new(new Trial(1, 2, 2, 5, edges), TrialState.Failed, double.NaN) { Error = Text, Seconds = 1e300 },
            new(new Trial(1, 1, 2, 6, edges), TrialState.Pruned, double.MaxValue)
            {
                Reports =
                [
                    new(long.MinValue, double.NaN), new(-3, double.MinValue), new(0, -1e-320), new(long.MaxValue, double.PositiveInfinity),
                ],
            },
            new(new Trial(int.MaxValue, 0, 2, 7, edges), TrialState.Failed, double.NaN) { Error = "" },
            new(new Trial(1, 3, 2, 8, edges), TrialState.Failed, double.NaN)
            {
                Error = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} ä\n")),
            },
        ];
    }
}
