using System.Text.Json.Nodes;
using DeepLearn.Reporting.Tables;
using DeepLearn.Search;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Tables as files for other programs.</summary>
public sealed class TableFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-tables-").FullName;

    [Fact]
    public void Csv_quotes_what_would_be_read_otherwise()
    {
        string path = Path.Combine(_folder, "a.csv");

        new ReportTable("", [new("name", false), new("a, b")], [["say \"hi\"", "1"], ["two\nlines", ""]]).Save(path);

        Assert.Equal("name,\"a, b\"\r\n\"say \"\"hi\"\"\",1\r\n\"two\nlines\",\r\n", File.ReadAllText(path));
    }

    [Fact]
    public void Json_has_numbers_texts_and_null_for_none()
    {
        string path = Path.Combine(_folder, "a.JSON");

        new ReportTable("", [new("name", false), new("value")], [["1", "0.1"], ["\"", ""]]).Save(path);

        JsonArray rows = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        Assert.Equal("1", rows[0]!["name"]!.GetValue<string>());
        Assert.Equal(0.1, rows[0]!["value"]!.GetValue<double>());
        Assert.Equal("\"", rows[1]!["name"]!.GetValue<string>());
        Assert.Null(rows[1]!["value"]);
    }

    [Fact]
    public void Save_as_what_is_no_table_is_refused()
    {
        var table = new ReportTable("", [new("a"), new("a")], []);

        Assert.Contains("found \"a.txt\"", Assert.Throws<ArgumentException>(() => table.Save("a.txt")).Message, StringComparison.Ordinal);
        ArgumentException twice = Assert.Throws<ArgumentException>(() => table.Save(Path.Combine(_folder, "a.json")));
        Assert.Contains("\"a\" twice", twice.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Learning_curves_give_each_number_exactly()
    {
        double third = 1.0 / 3;
        TrainingPoint[] curve =
        [
            new(0, 0, 0.1, new(third, 0.5, null, 10), null),
            new(5, 0.5, 0.01, new(0.2, 0.1, 0.75, 10) { Metrics = [new("F1", 0.25)] }, new(0.4, 0.3, 0.5, 3)),
        ];

        ReportTable table = LearningCurves.Table(curve);

        Assert.Equal(
            ["step", "epochs", "learning rate", "training cost", "training loss", "training accuracy", "training F1",
                "validation cost", "validation loss", "validation accuracy"],
            table.Columns.Select(column => column.Name));
        Assert.Equal(["0", "0", "0.1", third.ToString("R", null), "0.5", "", "", "", "", ""], table.Rows[0]);
        Assert.Equal(["5", "0.5", "0.01", "0.2", "0.1", "0.75", "0.25", "0.4", "0.3", "0.5"], table.Rows[1]);
    }

    [Fact]
    public void Trials_of_a_search_have_every_parameter_and_how_they_ended()
    {
        var space = new SearchSpace(new UniformDimension("score", 0, 1), new CategoricalDimension("kind", "a", "b"));
        var search = new SingleStageSearch(space, trials: 4)
        {
            Sampler = new RandomSampler(),
            Seed = 1,
            Subject = "test",
        };
        SearchResult result = search.Run((trial, _, _) =>
            trial.Number == 2 ? throw new InvalidOperationException("no, \"two\"") : new TrialOutcome(trial.Value("score")));

        ReportTable table = SearchFigures.Trials(search, result);

        Assert.Equal(
            ["stage", "trial", "budget", "seed", "score", "kind", "state", "score (2)", "seconds", "error"],
            table.Columns.Select(column => column.Name));
        Assert.Equal(["0", "1", "2", "3"], table.Rows.Select(row => row[1]));
        Assert.All(table.Rows, row => Assert.Equal("0", row[0]));
        Assert.All(table.Rows, row => Assert.True(row[6] == "Failed" ? row[7] == "" && row[9] != "" : row[4] == row[7] && row[9] == ""));
        Assert.Equal("Failed", table.Rows[2][6]);
        table.Save(Path.Combine(_folder, "trials.json"));
        table.Save(Path.Combine(_folder, "trials.csv"));
        JsonNode second = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "trials.json")))!.AsArray()[1]!;
        Assert.Equal(result.Stages[0].Results[1].Score, second["score (2)"]!.GetValue<double>());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
