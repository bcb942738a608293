using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

public static partial class SearchFigures
{
    private const int MostTrials = 1000;

    /// <summary>Draws when each process ran which trials; those of one process that overlap in time stand one above the other.</summary>
    /// <param name="result">What the search found.</param>
    /// <returns>The figure, of the last 1,000 trials; null where times were not kept.</returns>
    public static Figure? Timeline(SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        TrialResult[] trials =
        [
            .. result.Ranked.Where(trial => trial.Run is not null).OrderBy(trial => trial.Run!.Value.Began).TakeLast(MostTrials),
        ];
        if (trials.Length == 0)
            return null;
        DateTimeOffset begin = trials[0].Run!.Value.Began;
        double whole = trials.Max(trial => Seconds(trial) + trial.Seconds);
        (double scale, string unit) = whole > 7200 ? (3600, "hours") : whole > 120 ? (60.0, "minutes") : (1.0, "seconds");
        var lanes = new List<(string Worker, double Until)>();
        var series = new List<Series>();
        var named = new HashSet<TrialState>();
        foreach ((TrialResult trial, int lane) in trials.OrderBy(trial => trial.Run!.Value.Worker, StringComparer.Ordinal)
            .ThenBy(Seconds).Select(trial => (trial, LaneOf(trial))))
        {
            series.Add(new(
                named.Add(trial.State) ? NameOf(trial.State) : "",
                [Seconds(trial) / scale, (Seconds(trial) + trial.Seconds) / scale],
                [-lane, -lane])
            {
                Color = trial.State switch { TrialState.Completed => 0, TrialState.Pruned => 1, _ => 4 },
                HasMarkers = true,
            });
        }
        int workers = lanes.Select(lane => lane.Worker).Distinct().Count();
        return new(
            "timeline",
            Format.Text($"When each of {workers} processes ran which trials; gaps are times in which it had none, or did not run."),
            1,
            [
                new LinePanel("Timeline of workers", unit, "", series)
                {
                    YTicks =
                    [
                        .. lanes.Select((lane, i) => (-(double)i, i > 0 && lanes[i - 1].Worker == lane.Worker ? "" : lane.Worker)),
                    ],
                    Minimum = -lanes.Count + 0.5,
                    Maximum = 0.5,
                },
            ])
        { PanelWidth = 960, PanelHeight = Math.Clamp(120 + (24 * lanes.Count), 200, 1200) };

        double Seconds(TrialResult trial) => (trial.Run!.Value.Began - begin).TotalSeconds;

        int LaneOf(TrialResult trial)
        {
            string worker = trial.Run!.Value.Worker;
            int lane = lanes.FindIndex(one => one.Worker == worker && one.Until <= Seconds(trial));
            (string, double) taken = (worker, Seconds(trial) + trial.Seconds);
            if (lane < 0)
            {
                lanes.Add(taken);
                return lanes.Count - 1;
            }
            lanes[lane] = taken;
            return lane;
        }
    }

    /// <summary>
    /// Draws the trials of a search with several objectives: each further objective against the score, with the Pareto front.
    /// </summary>
    /// <param name="search">The search, for its objectives.</param>
    /// <param name="result">What it found.</param>
    /// <returns>The figure; null where there is one objective.</returns>
    public static Figure? Front(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        TrialResult[] kept = [.. result.Ranked.Where(search.Goals.AreKeptBy)];
        if (search.Objectives.Count == 0 || kept.Length == 0)
            return null;
        TrialResult[] front = [.. result.ParetoFront];
        Panel[] panels =
        [
            .. search.Objectives.Select(objective => new LinePanel(objective.Metric, objective.Metric, Score,
            [
                Points("trials", kept, objective.Metric) with { Shade = 0.4 },
                Points("Pareto front", front, objective.Metric) with { Color = 1, IsLine = search.Objectives.Count == 1 },
            ])),
        ];
        return new(
            "front",
            "The trials that keep to the bounds; on the front are those that no other trial betters in one objective without being worse "
            + "in another.",
            Math.Min(3, panels.Length),
            panels);

        static Series Points(string name, IEnumerable<TrialResult> trials, string metric)
        {
            TrialResult[] ordered = [.. trials.OrderBy(trial => trial.Metric(metric))];
            return new(name, [.. ordered.Select(trial => trial.Metric(metric) ?? double.NaN)], [.. ordered.Select(trial => trial.Score)])
            {
                IsLine = false,
                HasMarkers = true,
            };
        }
    }

    private static string NameOf(TrialState state) => state switch
    {
        TrialState.Completed => "completed",
        TrialState.Pruned => "stopped early",
        _ => "failed",
    };
}
