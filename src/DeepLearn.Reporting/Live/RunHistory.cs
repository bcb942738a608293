using DeepLearn.Training;

namespace DeepLearn.Reporting.Live;

/// <summary>
/// What a run under way has reported: the losses of batches, and the points of its learning curves. To be used from any thread.
/// </summary>
internal sealed class RunHistory
{
    // Where a run has more reports than a chart can show, every second one is let go.
    private const int MostPoints = 512;

    private readonly Lock _lock = new();
    private readonly List<(double Step, double Loss)> _batches = [];
    private readonly List<TrainingPoint> _points = [];
    private TrainingProgress? _latest;
    private int _seen;

    /// <summary>Takes a report of a trainer.</summary>
    /// <param name="progress">The report.</param>
    /// <param name="curve">The trainer's learning curves, with what they had before the run was taken up again.</param>
    public void Add(TrainingProgress progress, IReadOnlyList<TrainingPoint> curve)
    {
        lock (_lock)
        {
            _latest = progress;
            if (double.IsFinite(progress.Loss))
                _batches.Add((progress.Step, progress.Loss));
            while (_seen < curve.Count)
                _points.Add(curve[_seen++]);
            Thin(_batches);
            Thin(_points);
        }
    }

    /// <summary>All of it as it is now.</summary>
    public RunSnapshot Snapshot()
    {
        lock (_lock)
            return new(_latest, [.. _batches], [.. _points]);
    }

    // The last one stays: it is how things stand.
    private static void Thin<TPoint>(List<TPoint> points)
    {
        if (points.Count <= MostPoints)
            return;
        int kept = 0;
        for (int i = (points.Count - 1) % 2; i < points.Count; i += 2)
            points[kept++] = points[i];
        points.RemoveRange(kept, points.Count - kept);
    }
}
