using DeepLearn.Foundation;
using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Importances;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Reporting;

public static partial class SearchFigures
{
    private const int Cells = 24;
    private const int FewestTrials = 8;
    private const int PixelsOfALetter = 8;

    /// <summary>Draws how much of the variance of the score each hyper-parameter explains (see <see cref="FunctionalAnova"/>).</summary>
    /// <param name="search">The search, for its space.</param>
    /// <param name="result">What it found.</param>
    /// <returns>The figure; null where fewer than 8 trials were completed.</returns>
    public static Figure? Importances(HyperparameterSearch search, SearchResult result)
    {
        if (ImportancesOf(search, result) is not { } importances)
            return null;
        double[] places = [.. Enumerable.Range(0, importances.Count).Select(i => (double)i)];

        // Names stand side by side: they are broken at spaces, and a bar is as wide as the longest part of one.
        string[] names = [.. importances.Select(one => one.Names[0].Replace(' ', '\n'))];
        int longest = names.Max(name => name.Split('\n').Max(part => part.Length));
        return new(
            "importances",
            "How much of the variance of the score each hyper-parameter explains by itself; what is missing to 100 % lies between several.",
            1,
            [
                new LinePanel("Importances", "", "share of the variance", [new("", places, [.. importances.Select(one => one.Fraction)])
                {
                    BarWidth = 0.6,
                }])
                {
                    IsPercentage = true,
                    Minimum = 0,
                    XTicks = [.. names.Select((name, i) => ((double)i, name))],
                },
            ])
        {
            PanelWidth = Math.Clamp(100 + (importances.Count * Math.Max(40, 16 + (PixelsOfALetter * longest))), 480, 1200),
        };
    }

    /// <summary>
    /// Draws the score over two hyper-parameters, as it follows from the trials around each place: the nearer, the more they count.
    /// </summary>
    /// <param name="search">The search, for its space and direction.</param>
    /// <param name="result">What it found.</param>
    /// <param name="across">The name of the horizontal one; null for the most important one.</param>
    /// <param name="up">The name of the vertical one; null for the most important one besides.</param>
    /// <returns>The figure; null where fewer than 8 trials were completed with both, or there are not two hyper-parameters.</returns>
    /// <exception cref="ArgumentException">There is no hyper-parameter of a name.</exception>
    public static Figure? Contour(HyperparameterSearch search, SearchResult result, string? across = null, string? up = null)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        IEnumerable<string> names = (ImportancesOf(search, result)?.Select(one => one.Names[0]) ?? [])
            .Concat(search.Space.Dimensions.Select(dimension => dimension.Name))
            .Where(name => search.Space[name] is not ConstantDimension).Distinct();
        across ??= names.FirstOrDefault(name => name != up);
        up ??= names.FirstOrDefault(name => name != across);
        if (across is null || up is null)
            return null;
        Dimension horizontal = search.Space[across], vertical = search.Space[up];
        (double X, double Y, double Score)[] trials =
        [
            .. result.Ranked
                .Where(trial => trial.State == TrialState.Completed)
                .Select(trial => (PositionOf(horizontal, trial), PositionOf(vertical, trial), trial.Score))
                .Where(trial => double.IsFinite(trial.Item1) && double.IsFinite(trial.Item2)),
        ];
        if (trials.Length < FewestTrials)
            return null;
        double[] scores = [.. Enumerable.Range(0, Cells * Cells).Select(cell =>
            ScoreAt(trials, ((cell % Cells) + 0.5) / Cells, 1 - (((cell / Cells) + 0.5) / Cells)))];
        double low = scores.Min(), high = scores.Max();
        bool isUp = search.Direction == SearchDirection.Maximize;
        return new(
            "contour",
            $"The score over two hyper-parameters, from {Format.Significant(low)} to {Format.Significant(high)}; the stronger the color, "
            + "the better. Each circle is a trial; between them the score is estimated, the more so the further away they are.",
            1,
            [
                new MatrixPanel(
                    "Score over two hyper-parameters",
                    across,
                    up,
                    NamesAlong(horizontal, isFromTop: false),
                    NamesAlong(vertical, isFromTop: true),
                    [.. scores.Select(score => high > low ? (isUp ? score - low : high - score) / (high - low) : 0.5)],
                    [.. scores.Select(_ => "")])
                {
                    Marks = [.. trials.Select(trial => (trial.X * Cells, (1 - trial.Y) * Cells))],
                },
            ])
        { PanelWidth = 520, PanelHeight = 420 };
    }

    // Inverse distances to the fourth power (Shepard, 1968): a place has the score of the trials next to it.
    private static double ScoreAt((double X, double Y, double Score)[] trials, double x, double y)
    {
        double sum = 0, weights = 0;
        foreach ((double trialX, double trialY, double score) in trials)
        {
            double distance = ((trialX - x) * (trialX - x)) + ((trialY - y) * (trialY - y));
            double weight = 1 / ((distance * distance) + 1e-6);
            sum += weight * score;
            weights += weight;
        }
        return sum / weights;
    }

    // A name at the beginning, in the middle and at the end.
    private static string[] NamesAlong(Dimension dimension, bool isFromTop) =>
    [
        .. Enumerable.Range(0, Cells).Select(i =>
        {
            int place = isFromTop ? Cells - 1 - i : i;
            return place is 0 or (Cells / 2) or (Cells - 1) ? TextOf(dimension.At((place + 0.5) / Cells)) : "";
        }),
    ];

    private static ValueList<ParameterImportance>? ImportancesOf(HyperparameterSearch search, SearchResult result)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(result);
        TrialResult[] completed = [.. result.Ranked.Where(trial => trial.State == TrialState.Completed)];
        if (completed.Length < FewestTrials)
            return null;

        // Trials on other budgets have other scores.
        int budget = completed.Max(trial => trial.Trial.Budget);
        TrialResult[] largest = [.. completed.Where(trial => trial.Trial.Budget == budget)];
        return largest.Length < FewestTrials ? null : [.. new FunctionalAnova().Of(search.Space, largest)
            .OrderByDescending(one => one.Fraction)];
    }
}
