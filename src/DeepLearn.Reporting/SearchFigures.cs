using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

/// <summary>Draws what a hyper-parameter search found.</summary>
/// <remarks><see cref="SearchPage"/> puts all of it on one page.</remarks>
/// <example><code>
/// SearchResult found = search.Run(objective);
/// SearchFigures.History(search, found).Save("history.png");
/// SearchFigures.Parameters(search, found).Save("parameters.png");
/// </code></example>
public static partial class SearchFigures
{
    private const string Score = "score";

    /// <summary>
    /// Draws the score of each trial in the order of the trials, counted from 0 over all stages, with the best so far of each stage.
    /// </summary>
    /// <param name="search">The search, for its direction.</param>
    /// <param name="result">What it found.</param>
    public static Figure History(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        var series = new List<Series>();
        int before = 0;
        foreach (StageResult stage in result.Stages)
        {
            string name = result.Stages.Count == 1 ? "completed" : $"stage {stage.Number}, budget {stage.Budget}";
            double[] places = [.. Enumerable.Range(0, stage.Results.Count).Select(i => (double)(before + i))];
            double[] scores = [.. stage.Results.Select(trial => trial.State == TrialState.Completed ? trial.Score : double.NaN)];
            series.Add(new(name, places, scores) { Color = stage.Number, IsLine = false, HasMarkers = true });
            series.Add(new("", places, BestSoFar(scores, search.Direction)) { Color = stage.Number });
            before += stage.Results.Count;
        }
        TrialResult[] all = [.. result.Stages.SelectMany(stage => stage.Results)];
        double[] pruned = [.. all.Select(trial => trial.State == TrialState.Pruned ? trial.Score : double.NaN)];
        if (pruned.Any(double.IsFinite))
        {
            double[] places = [.. Enumerable.Range(0, all.Length).Select(i => (double)i)];
            series.Add(new("stopped early", places, pruned) { Color = 4, IsLine = false, HasMarkers = true });
        }
        return new(
            "history",
            "The score of each trial, in the order of the trials; the line is the best so far.",
            1,
            [new LinePanel("Scores", "trial", Score, series)]);
    }

    /// <summary>Draws the score of each completed trial against each hyper-parameter.</summary>
    /// <param name="search">The search, for its space.</param>
    /// <param name="result">What it found.</param>
    public static Figure Parameters(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        Panel[] panels = [.. search.Space.Dimensions.Select(dimension => Against(dimension, result))];
        return new(
            "parameters",
            "The score of each completed trial against each hyper-parameter; a color for each stage.",
            Math.Min(3, panels.Length),
            panels);
    }

    /// <summary>Draws each completed trial as a line through its hyper-parameters and its score, the better the stronger.</summary>
    /// <param name="search">The search, for its space and direction.</param>
    /// <param name="result">What it found.</param>
    public static Figure ParallelCoordinates(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        Dimension[] dimensions = [.. search.Space.Dimensions];
        TrialResult[] trials = [.. result.Ranked.Where(trial => trial.State == TrialState.Completed)];
        double low = trials.Select(trial => trial.Score).DefaultIfEmpty(0).Min(),
        high = trials.Select(trial => trial.Score).DefaultIfEmpty(1).Max();
        double[] places = [.. Enumerable.Range(0, dimensions.Length + 1).Select(i => (double)i)];
        // The best is drawn last, over the others.
        Series[] lines = [.. trials.Select(Line).Reverse()];
        (double, string)[] ticks =
        [
            .. dimensions.Select((dimension, i) => ((double)i, $"{dimension.Name}\n{RangeOf(dimension)}")),
            (dimensions.Length, $"{Score}\n{Format.Significant(low)} to {Format.Significant(high)}"),
        ];
        return new(
            "parallel-coordinates",
            "Each line is a completed trial: at each hyper-parameter its place in the searched range, at the right its score. The stronger "
            + "the color, the better the trial.",
            1,
            [
                new LinePanel("Parallel coordinates", "", "place in the range", lines)
                {
                    XTicks = ticks,
                    YTicks = [(0, "low"), (1, "high")],
                    Minimum = -0.05,
                    Maximum = 1.05,
                },
            ])
        {
            PanelWidth = Math.Clamp(150 * ticks.Length, 480, 1200),
            PanelHeight = 360,
        };
        Series Line(TrialResult trial, int rank)
        {
            double height = high > low ? (trial.Score - low) / (high - low) : 1;
            return new("", places, [.. dimensions.Select(dimension => PositionOf(dimension, trial)), height])
            {
                Shade = trials.Length == 1 ? 1 : 1 - (0.85 * rank / (trials.Length - 1)),
            };
        }
    }

    /// <summary>Draws what the trials reported under way, the better the stronger.</summary>
    /// <param name="search">The search.</param>
    /// <param name="result">What it found.</param>
    /// <returns>The figure; null if no trial reported twice.</returns>
    public static Figure? LearningCurves(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        TrialResult[] trials = [.. result.Ranked.Where(trial => trial.Reports.Count > 1)];
        if (trials.Length == 0)
            return null;
        Series[] lines =
        [
            .. trials.Select((trial, rank) => new Series(
                "", [.. trial.Reports.Select(report => (double)report.Step)], [.. trial.Reports.Select(report => report.Score)])
            {
                Shade = trials.Length == 1 ? 1 : 1 - (0.85 * rank / (trials.Length - 1)),
            }).Reverse(),
        ];
        return new(
            "learning-curves",
            "What each trial reported under way, up to where it ended or was stopped. The stronger the color, the better the trial.",
            1,
            [new LinePanel("Learning curves", "step", Score, lines)]);
    }

    /// <summary>Makes a table of the best trials; stage and number are the trial's own, from 0.</summary>
    /// <param name="search">The search, for its space.</param>
    /// <param name="result">What it found.</param>
    /// <param name="count">How many trials at most, at least 1. Default 10.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static ReportTable Best(HyperparameterSearch search, SearchResult result, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        TrialResult[] trials = [.. result.Ranked.Where(trial => trial.State == TrialState.Completed).Take(count)];
        return new(
            $"The best {trials.Length} of {result.Ranked.Count} trials",
            [
                new("Stage"), new("Trial"), .. search.Space.Dimensions.Select(dimension => new ReportColumn(dimension.Name)), new("Score"),
                new("Time"),
            ],
            [
                .. trials.Select(trial => (string[])
                [
                    Format.Count(trial.Trial.Stage),
                    Format.Count(trial.Trial.Number),
                    .. search.Space.Dimensions.Select(dimension => TextOf(trial.Trial.Point.Find(dimension.Name))),
                    Format.Significant(trial.Score),
                    Format.Seconds(trial.Seconds),
                ]),
            ]);
    }

    private static double[] BestSoFar(double[] scores, SearchDirection direction)
    {
        double best = double.NaN;
        return [.. scores.Select(score =>
            best = double.IsNaN(best) ? score : double.IsNaN(score) ? best
                : direction == SearchDirection.Maximize ? Math.Max(best, score) : Math.Min(best, score))];
    }

    private static LinePanel Against(Dimension dimension, SearchResult result)
    {
        string[] choices = ChoicesOf(dimension);
        Series[] series =
        [
            .. result.Stages.Select(stage =>
            {
                TrialResult[] trials = [.. stage.Results.Where(trial =>
                    trial.State == TrialState.Completed && trial.Trial.Point.Find(dimension.Name) is not null)];
                return new Series(
                    result.Stages.Count == 1 ? "" : $"stage {stage.Number}",
                    [.. trials.Select(trial => PlaceOf(trial.Trial.Point[dimension.Name], choices))],
                    [.. trials.Select(trial => trial.Score)])
                { Color = stage.Number, IsLine = false, HasMarkers = true };
            }),
        ];
        return new(dimension.Name, dimension.Name, Score, series)
        {
            IsLogarithmic = dimension is LogUniformDimension or LogIntegerDimension,
            XTicks = [.. choices.Select((choice, i) => ((double)i, choice))],
        };
    }

    private static string[] ChoicesOf(Dimension dimension) => dimension switch
    {
        CategoricalDimension categorical => [.. categorical.Choices],
        OrderedDimension ordered when !ordered.Values[0].IsNumber => [.. ordered.Values.Select(value => value.Text)],
        ConstantDimension constant when !constant.Value.IsNumber => [constant.Value.Text],
        _ => [],
    };

    private static double PlaceOf(ParameterValue value, string[] choices) =>
        value.IsNumber ? value.Number : Array.IndexOf(choices, value.Text);

    private static double PositionOf(Dimension dimension, TrialResult trial) =>
        trial.Trial.Point.Find(dimension.Name) is { } value ? dimension.PositionOf(value) : double.NaN;

    private static string RangeOf(Dimension dimension)
    {
        if (ChoicesOf(dimension) is { Length: > 0 } choices)
        {
            string all = string.Join(", ", choices);
            return all.Length <= 24 ? all : $"{choices.Length} choices";
        }
        ParameterValue low = dimension.At(0), high = dimension.At(1);
        return low == high ? TextOf(low) : $"{TextOf(low)} to {TextOf(high)}";
    }

    private static string TextOf(ParameterValue? value) => value switch
    {
        null => "",
        { IsNumber: false } text => text.Text,
        { } number => Format.Significant(number.Number),
    };
}
