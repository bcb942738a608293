using System.Globalization;
using DeepLearn.Search;

namespace DeepLearn.Samples.HyperparameterSearch;

/// <summary>What a worker process tells the one that started it: a line for each trial that begins or ends.</summary>
internal sealed class WorkerVoice : IProgress<SearchProgress>
{
    public void Report(SearchProgress value)
    {
        if (value.Kind == SearchProgressKind.Reported)
            return;
        string score = value.Result?.Score.ToString("R", CultureInfo.InvariantCulture) ?? "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{value.Kind}\t{value.FinishedTrials}\t{value.Trial.Number}\t{score}"));
    }
}
