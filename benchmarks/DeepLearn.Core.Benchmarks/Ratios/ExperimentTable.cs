using DeepLearn.Benchmarks.Experiments;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Formats the rows of the experiment.</summary>
internal static class ExperimentTable
{
    private static readonly MarkdownTable Table = new(
        ("threads", 7), ("prefetch", 8), ("seconds", 7), ("steps/s", 7), ("bare steps/s", 7), ("share", 5), ("quartiles", 11),
        ("updates' share", 5), ("step us", 7), ("batch us", 7), ("evaluation ms", 7), ("evaluations", 4), ("test accuracy", 7),
        ("stated MB", 6), ("heap MB", 6), ("peak MB", 6));

    /// <summary>The heading.</summary>
    public static string Head => Table.Head;

    /// <summary>A line.</summary>
    public static string Row(ExperimentRow row) => Table.Row(
        MarkdownTable.Number(row.Threads, 0),
        MarkdownTable.Number(row.Prefetch, 0),
        MarkdownTable.Number(row.Seconds, 2),
        MarkdownTable.Number(row.StepsPerSecond, 0),
        MarkdownTable.Number(row.BareStepsPerSecond, 0),
        MarkdownTable.Percent(row.ShareOfBareStep),
        $"{MarkdownTable.Percent(row.ShareLower)}-{MarkdownTable.Percent(row.ShareUpper)}",
        MarkdownTable.Percent(row.ShareOfUpdates),
        MarkdownTable.Number(row.StepMicroseconds, 0),
        MarkdownTable.Number(row.BatchMicroseconds, 0),
        MarkdownTable.Number(row.EvaluationMilliseconds, 1),
        MarkdownTable.Number(row.Evaluations, 0),
        MarkdownTable.Percent(row.TestAccuracy, 2),
        Megabytes(row.StatedBytes),
        Megabytes(row.HeapBytes),
        Megabytes(row.PeakWorkingSetBytes));

    /// <summary>The parts of the stated memory.</summary>
    public static string Memory(ExperimentRow row) =>
        $"- Threads {row.Threads}, prefetch {row.Prefetch}: stated are {Megabytes(row.DataBytes)} MB of data, "
        + $"{Megabytes(row.ParameterBytes)} of parameters and gradients, {Megabytes(row.OptimizerBytes)} of the optimizer's, "
        + $"{Megabytes(row.BufferBytes)} of working memory, and {Megabytes(row.TestBytes)} of test images.";

    private static string Megabytes(long bytes) => MarkdownTable.Number(bytes / 1e6, 1);
}
