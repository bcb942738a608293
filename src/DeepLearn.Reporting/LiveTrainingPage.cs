using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Live;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training;

namespace DeepLearn.Reporting;

/// <summary>
/// Keeps the page of a training run up to date while it trains: the file is written anew from time to time, whole, and a browser that shows
/// it loads it again by itself until the run, or the process, ends. It is the run's progress, and changes no result.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <remarks>
/// The page is written on a thread of its own, for at most a tenth of that thread's time. Where it can no longer be written, training
/// goes on and <see cref="Error"/> says why. A run that was taken up again has all of its learning curves on it.
/// </remarks>
/// <example><code>
/// using var page = new LiveTrainingPage&lt;float&gt;(trainer, "training.html");
/// TrainingResult result = trainer.Run(page);
/// </code></example>
public sealed class LiveTrainingPage<T> : IProgress<TrainingProgress>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Trainer<T> _trainer;
    private readonly IProgress<TrainingProgress>? _next;
    private readonly RunHistory _history = new();
    private readonly LivePage _page;

    /// <summary>A page of a run that is about to begin.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="path">The file; missing folders are made. One that is there stays until training has begun.</param>
    /// <param name="next">Who else is told of the run's progress. Default: null, for nobody.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public LiveTrainingPage(Trainer<T> trainer, string path, IProgress<TrainingProgress>? next = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (_trainer, _next) = (trainer, next);
        _page = new(path, Make) { Interval = TimeSpan.FromSeconds(5) };
    }

    /// <summary>The heading of the page. Default: Training.</summary>
    public string Title { get; init => field = PropertyGuard.NotNull(value); } = "Training";

    /// <summary>How long after one page the next is written and shown, above 0. Default: 5 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not above 0, or above a day.</exception>
    public TimeSpan Interval
    {
        get => _page.Interval;
        init => _page.Interval = value;
    }

    /// <summary>The clock that says when the page was written. Default: the system's.</summary>
    public TimeProvider Clock { get; init => field = PropertyGuard.NotNull(value); } = TimeProvider.System;

    /// <summary>Why the last page could not be written; null if it was.</summary>
    public string? Error => _page.Error;

    /// <summary>Takes a report of the trainer, which calls it on the thread that trains.</summary>
    /// <param name="value">The report.</param>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _history.Add(value, _trainer.Curve);
        _page.Change(isOver: value.Step == value.TotalSteps);
        _next?.Report(value);
    }

    /// <summary>Writes the page as it is, for browsers not to load it again. A second call does nothing.</summary>
    public void Dispose() => _page.Dispose();

    private HtmlReport Make(bool isUnderWay)
    {
        RunSnapshot run = _history.Snapshot();

        // A run that was stopped has made a few steps since its last report.
        if (!isUnderWay)
            run = run with { Latest = run.Latest! with { Step = _trainer.StepsDone } };
        HtmlReport page = TrainingPage.UnderWay(run, _trainer.Plan, Title);
        return page.Notice($"{State(run.Latest!, isUnderWay)} Written {Format.Text($"{Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}")} UTC.");
    }

    private static string State(TrainingProgress latest, bool isUnderWay)
    {
        if (latest.Step == latest.TotalSteps)
            return "Finished.";
        string step = $"step {Format.Count(latest.Step)} of {Format.Count(latest.TotalSteps)}";
        if (!isUnderWay)
            return $"Ended at {step}.";
        string left = latest.Remaining is { } time ? $", {Format.Duration(time)} left" : "";
        return $"Under way: {step}{left}. This page loads itself again.";
    }
}
