using System.Text;
using System.Text.RegularExpressions;
using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Html;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>The page of a search.</summary>
[Collection("Pages that hear signals")]
public sealed partial class SearchPageTests
{
    private static readonly SingleStageSearch Search = new(
        new SearchSpace(
            new LogUniformDimension("rate", 1e-4, 1),
            new IntegerDimension("units", 8, 64),
            new CategoricalDimension("activation", "relu", "tanh"),
            new UniformDimension("momentum", 0, 0.9).When("activation", "relu")),
        trials: 24)
    {
        Subject = "<toy & more>",
        Pruner = new MedianPruner(),
        Window = 1,
    };

    [Fact]
    public void Of_finished_search_has_every_section_in_one_file_that_needs_nothing_else()
    {
        string html = SearchPage.Of(Search, Search.Run(Objective, new() { Executor = new ThreadExecutor(1) })).ToHtml();

        Assert.All(
            ["summary", "history", "importances", "parameters", "contour", "parallel", "curves", "timeline", "failed"],
            id => Assert.Contains($"<section id=\"{id}\">", html, StringComparison.Ordinal));
        Assert.Contains("&lt;toy &amp; more&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<toy", html, StringComparison.Ordinal);
        Assert.All(
            Source().Matches(html), match =>
                Assert.StartsWith("data:image/svg+xml;base64,", match.Groups[1].Value, StringComparison.Ordinal));
        Assert.DoesNotMatch("<script|<link|@import|url\\((?!#)", html);
        Assert.Contains("ArithmeticException: trial of no luck", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Not finished", html, StringComparison.Ordinal);
    }

    [Fact]
    public void LiveSearchPage_is_written_while_the_search_runs_and_a_browser_loads_it_again_until_the_end()
    {
        string folder = Directory.CreateTempSubdirectory("deeplearn-page-").FullName, path = Path.Combine(folder, "new", "search.html");
        try
        {
            string underWay = "";
            using (var page = new LiveSearchPage(Search, path) { Interval = TimeSpan.FromMilliseconds(1) })
            {
                Search.Run(
                    (trial, context, token) =>
                    {
                        // The third trial goes on when the page shows the two before it.
                        if (trial.Number == 2)
                        {
                            Assert.True(SpinWait.SpinUntil(() => Read().Contains("2 of 24 trials", StringComparison.Ordinal), 60_000));
                            underWay = Read();
                        }
                        return Objective(trial, context, token);
                    },
                    new() { Executor = new ThreadExecutor(1), Progress = page });
                Assert.Null(page.Error);
            }
            Assert.Contains("<meta http-equiv=\"refresh\" content=\"1\">", underWay);
            Assert.DoesNotContain("http-equiv", Read());
            SearchResult alone = Search.Run(Objective, new() { Executor = new ThreadExecutor(1) });
            Assert.Equal(Sections(SearchPage.Of(Search, alone).ToHtml()), Sections(Read()));

            string Read() => File.Exists(path) ? File.ReadAllText(path) : "";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string[] Sections(string html) => [.. html.Split('\n').Where(line => line.StartsWith("<section", StringComparison.Ordinal))];
    }

    [Fact]
    public void LiveSearchPage_that_can_no_longer_be_written_says_why_and_stops_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("deeplearn-page-").FullName, path = Path.Combine(folder, "search.html");
        try
        {
            using var page = new LiveSearchPage(Search, path) { Interval = TimeSpan.FromMilliseconds(1) };
            Directory.CreateDirectory(path);
            Assert.Equal(24, Search.Run(Objective, new() { Executor = new ThreadExecutor(1), Progress = page }).Ranked.Count);
            page.Dispose();
            Assert.Contains(path, page.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void LiveSearchPage_that_cannot_be_written_is_refused_before_the_search()
    {
        string file = Path.GetTempFileName();
        try
        {
            IOException exception = Assert.Throws<IOException>(() => new LiveSearchPage(Search, Path.Combine(file, "search.html")));
            Assert.Contains(file, exception.Message);
        }
        finally
        {
            File.Delete(file);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new LiveSearchPage(Search, "a") { Interval = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new HtmlReport("a") { ReloadAfter = TimeSpan.Zero });
    }

    [Fact]
    public void Of_canceled_search_says_how_far_it_came()
    {
        using var stop = new CancellationTokenSource();
        SearchResult partial = Assert.Throws<SearchCanceledException>(() => Search.Run(
            (trial, context, token) =>
            {
                if (trial.Number == 5)
                    stop.Cancel();
                token.ThrowIfCancellationRequested();
                return new TrialOutcome(trial.Number);
            },
            new() { Executor = new ThreadExecutor(1) },
            stop.Token)).Partial;

        Assert.Contains("Not finished: 5 of 24 trials so far.", SearchPage.Of(Search, partial).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_search_in_which_every_trial_failed_is_a_page_all_the_same()
    {
        SingleStageSearch search = new(Search.Space, trials: 3);
        SearchResult result = Assert.Throws<SearchFailedException>(
            () => search.Run((_, _, _) => throw new ArithmeticException("none"))).Partial;

        string html = SearchPage.Of(search, result).ToHtml();

        Assert.Contains("3 trials failed", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Front_of_two_objectives_has_the_trials_and_the_front()
    {
        SingleStageSearch search = new(Search.Space, trials: 20)
        {
            Objectives = [new SearchObjective("cost", SearchDirection.Minimize)],
        };
        SearchResult result = search.Run(
            (trial, _, _) => new TrialOutcome(trial.Value("rate")) { Metrics = [new("cost", trial.Integer("units"))] },
            new() { Executor = new ThreadExecutor(1) });

        LinePanel panel = Assert.IsType<LinePanel>(Assert.Single(SearchFigures.Front(search, result)!.Panels));
        Assert.Equal(20, panel.Series[0].X.Count);
        Assert.Equal(result.ParetoFront.Count, panel.Series[1].X.Count);
        Assert.Contains("<section id=\"front\">", SearchPage.Of(search, result).ToHtml(), StringComparison.Ordinal);
        Assert.Null(SearchFigures.Front(Search, result));
    }

    [Fact]
    public void Timeline_trials_of_a_process_at_the_same_time_stand_one_above_the_other()
    {
        DateTimeOffset begin = DateTimeOffset.UnixEpoch;
        TrialResult[] trials =
        [
            Ran(0, "a", 0, 10), Ran(1, "a", 5, 10), Ran(2, "a", 11, 5), Ran(3, "b", 2, 300),
        ];
        Figure figure = SearchFigures.Timeline(new SearchResult([], [.. trials]))!;
        LinePanel panel = Assert.IsType<LinePanel>(Assert.Single(figure.Panels));
        Assert.Equal("minutes", panel.XLabel);
        Assert.Equal([(0, "a"), (-1, ""), (-2, "b")], panel.YTicks);
        Assert.Equal([0, -1, 0, -2], panel.Series.Select(series => series.Y[0]));
        Assert.Contains("2 processes", figure.Caption, StringComparison.Ordinal);
        Assert.Null(SearchFigures.Timeline(new SearchResult([], [trials[0] with { Run = null }])));

        TrialResult Ran(int number, string worker, double at, double seconds) =>
            new(new Trial(0, number, 1, 0, Search.Space.Point(dimension => dimension.At(0.5))), TrialState.Completed, 1)
            {
                Seconds = seconds,
                Run = new TrialRun(worker, begin.AddSeconds(at)),
            };
    }

    [Fact]
    public void Importances_names_side_by_side_have_room()
    {
        string[] names = ["maximum rate", "dropout", "batch normalization momentum", "width", "depth", "regularization", "cycles"];
        SingleStageSearch search = new(new SearchSpace([.. names.Select(name => (Dimension)new UniformDimension(name, 0, 1))]), trials: 30);
        SearchResult result = search.Run(
            (trial, _, _) => new TrialOutcome(trial.Value("width")), new() { Executor = new ThreadExecutor(1) });

        Figure figure = SearchFigures.Importances(search, result)!;
        LinePanel panel = Assert.IsType<LinePanel>(Assert.Single(figure.Panels));

        // As wide as the letters of the longest line of each, at some eight pixels a letter.
        Assert.Equal(names.Order(), panel.XTicks.Select(tick => tick.Text.Replace('\n', ' ')).Order());
        int longest = panel.XTicks.Max(tick => tick.Text.Split('\n').Max(line => line.Length));
        Assert.True(
            figure.PanelWidth - 100 >= 8 * longest * names.Length, $"{figure.PanelWidth} pixels for {names.Length} of {longest} letters");
        Assert.Contains("maximum\nrate", panel.XTicks.Select(tick => tick.Text));
    }

    [Fact]
    public void Contour_is_strongest_where_the_score_is_best()
    {
        SingleStageSearch search = new(new SearchSpace(new UniformDimension("x", 0, 1), new UniformDimension("y", 0, 1)), trials: 60);
        SearchResult result = search.Run((trial, _, _) => new TrialOutcome(trial.Value("x") + (0.2 * trial.Value("y"))));

        Figure figure = SearchFigures.Contour(search, result)!;
        MatrixPanel panel = Assert.IsType<MatrixPanel>(Assert.Single(figure.Panels));

        Assert.Equal(("x", "y", 60), (panel.XLabel, panel.YLabel, panel.Marks.Count));
        int columns = panel.ColumnNames.Count, best = panel.Strengths.ToList().IndexOf(panel.Strengths.Max());
        Assert.InRange(best % columns, columns / 2, columns - 1);
        Assert.InRange(best / columns, 0, columns - 1);
        Assert.Equal("y", ((MatrixPanel)SearchFigures.Contour(search, result, across: "y")!.Panels[0]).XLabel);
        Assert.Null(SearchFigures.Contour(search, new SearchResult([], [])));
    }

    [Fact]
    public void Parameters_logarithms_choices_and_conditions_are_seen()
    {
        SearchResult result = Search.Run(Objective, new() { Executor = new ThreadExecutor(1) });

        LinePanel[] panels = [.. SearchFigures.Parameters(Search, result).Panels.Cast<LinePanel>()];

        Assert.Equal(["rate", "units", "activation", "momentum"], panels.Select(panel => panel.Title));
        Assert.Equal([true, false, false, false], panels.Select(panel => panel.IsLogarithmic));
        Assert.Equal([(0, "relu"), (1, "tanh")], panels[2].XTicks);
        int relu = panels[2].Series[0].X.Count(place => place == 0);
        Assert.Equal(relu, panels[3].Series[0].X.Count);
        Assert.InRange(relu, 1, panels[2].Series[0].X.Count - 1);
    }

    [Fact]
    public void History_line_is_the_best_so_far_in_the_direction_of_the_search()
    {
        SingleStageSearch search = new(Search.Space, trials: 4) { Direction = SearchDirection.Minimize };
        double[] scores = [3, 5, 1, 2];
        SearchResult result = search.Run((trial, _, _) => new TrialOutcome(scores[trial.Number]));

        var panel = (LinePanel)SearchFigures.History(search, result).Panels[0];

        Assert.Equal([0, 1, 2, 3], panel.Series[0].X);
        Assert.Equal(scores, panel.Series[0].Y);
        Assert.Equal([3, 3, 1, 1], panel.Series[1].Y);
    }

    [Fact]
    public void Trials_have_the_numbers_that_they_have_everywhere_else()
    {
        var search = new SuccessiveHalvingSearch(Search.Space, trials: 4, stages: 2);
        SearchResult result = search.Run((trial, _, _) => trial.Number == 2 ? throw new ArithmeticException() : new(trial.Number));

        Assert.Equal(
            result.Ranked.Take(5).Where(trial => trial.State == TrialState.Completed)
                .Select(trial => ($"{trial.Trial.Stage}", $"{trial.Trial.Number}")),
            SearchFigures.Best(search, result).Rows.Select(row => (row[0], row[1])));
        Assert.Equal(
            ["stage 0, budget 1", "stage 1, budget 2"],
            ((LinePanel)SearchFigures.History(search, result).Panels[0]).Series.Select(series => series.Name).Where(name => name != ""));
        Assert.Equal(
            ["stage 0", "stage 1"],
            ((LinePanel)SearchFigures.Parameters(search, result).Panels[0]).Series.Select(series => series.Name));
        Assert.Matches("<td[^>]*>0</td><td[^>]*>2</td><td[^>]*>ArithmeticException", SearchPage.Of(search, result).ToHtml());
    }

    [Fact]
    public void ParallelCoordinates_best_trial_is_drawn_last_and_strongest()
    {
        SearchResult result = Search.Run(Objective, new() { Executor = new ThreadExecutor(1) });

        var panel = (LinePanel)SearchFigures.ParallelCoordinates(Search, result).Panels[0];

        Assert.Equal(1, panel.Series[^1].Shade);
        Assert.Equal(1, panel.Series[^1].Y[^1]);
        Assert.All(panel.Series.SelectMany(series => series.Y).Where(double.IsFinite), y => Assert.InRange(y, 0, 1));
        Assert.Equal("rate\n0.0001 to 1", panel.XTicks[0].Text);
    }

    [Fact]
    public void HtmlReport_text_is_escaped_and_saved_whole()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("page").FullName, "page.html");
        var page = new HtmlReport("a < b") { Footer = "c & d" };
        page.Section("one", "\"One\"").Paragraph("<script>").Code("Command:", "x > y");

        page.Save(path);

        string html = File.ReadAllText(path, Encoding.UTF8);
        Assert.Equal(page.ToHtml(), html);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.Contains("<h1>a &lt; b</h1>", html, StringComparison.Ordinal);
        Assert.Contains("c &amp; d", html, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    internal static TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken)
    {
        if (trial.Number % 7 == 6)
            throw new ArithmeticException("trial of no luck");
        double score = 1 - Math.Abs(Math.Log10(trial.Value("rate")) + 2) / 4 + (0.001 * trial.Integer("units"));
        for (int step = 1; step <= 10; step++)
        {
            if (!context.Report(step, score * (1 - Math.Exp(-0.4 * step))))
                break;
        }
        return new(score);
    }

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Source();
}
