using System.Text.Json;
using System.Text.RegularExpressions;
using DeepLearn.Layers;
using DeepLearn.Models;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>What a run leaves behind.</summary>
[Collection(WholeRunCollection.Name)]
public sealed partial class ReportTests(WholeRun whole)
{
    [Fact]
    public void TwoLayerCifar10_first_line_says_that_the_data_are_synthetic()
    {
        Assert.Contains("SYNTHETIC", whole.Run.Output[0]);
        Assert.Empty(whole.Run.Error);
    }

    [Fact]
    public void TwoLayerCifar10_report_json_has_its_fields()
    {
        JsonElement report = whole.Report;
        Assert.Equal(["data", "gradients", "cycles", "search", "final"], Names(report));
        JsonElement data = report.GetProperty("data");
        Assert.Equal("synthetic", data.GetProperty("source").GetString());
        Assert.Equal(5000, data.GetProperty("trainingExamples").GetInt32());

        JsonElement[] gradients = [.. report.GetProperty("gradients").EnumerateArray()];
        Assert.Equal(12, gradients.Length);
        Assert.All(gradients, cell => Assert.Equal(["case", "parameter", "maxAbsoluteDifference", "maxRelativeDifference"], Names(cell)));
        Assert.Equal(12, gradients.Select(cell => $"{cell.GetProperty("case")} {cell.GetProperty("parameter")}").Distinct().Count());

        JsonElement[] cycles = [.. report.GetProperty("cycles").EnumerateArray()];
        Assert.All(cycles, run => Assert.Equal(["stepSize", "cycles", "testAccuracy", "seconds", "curve"], Names(run)));
        Assert.Equal([50, 80], cycles.Select(run => run.GetProperty("stepSize").GetInt32()));
        Assert.Equal([11, 31], cycles.Select(run => run.GetProperty("curve").GetArrayLength()));

        JsonElement search = report.GetProperty("search");
        Assert.Equal(["stages", "seconds"], Names(search));
        JsonElement[] stages = [.. search.GetProperty("stages").EnumerateArray()];
        Assert.Equal([2, 3], stages.Select(stage => stage.GetProperty("cycles").GetInt32()));
        Assert.All(
            stages.SelectMany(stage => stage.GetProperty("trials").EnumerateArray()),
            trial => Assert.Equal(["lambda", "validationAccuracy", "seed", "seconds"], Names(trial)));

        JsonElement final = report.GetProperty("final");
        Assert.Equal(
            ["lambda", "seed", "steps", "trainingAccuracy", "validationAccuracy", "testAccuracy", "seconds", "weightsSha256"],
            Names(final));
        Assert.Equal(3 * 2 * 2 * 49, final.GetProperty("steps").GetInt32());
        Assert.Matches("^[0-9a-f]{64}$", final.GetProperty("weightsSha256").GetString());
        Assert.InRange(final.GetProperty("testAccuracy").GetDouble(), 0.2, 1);
    }

    [Fact]
    public void TwoLayerCifar10_final_network_is_saved_with_its_normalization()
    {
        string path = Assert.Single(
            Directory.GetFiles(Path.Combine(whole.Out, "results"), "final.safetensors", SearchOption.AllDirectories));
        Model<float> model = Model.Load<float>(path);
        Assert.Equal(3072, model.Card.Normalization!.Features);
        Assert.Equal(whole.Report.GetProperty("final").GetProperty("weightsSha256").GetString(), model.Sha256());
    }

    [Fact]
    public void TwoLayerCifar10_final_run_takes_the_best_lambda_of_the_search()
    {
        double lambda = whole.Report.GetProperty("final").GetProperty("lambda").GetDouble();
        JsonElement chosen = Trials().Single(trial => trial.GetProperty("lambda").GetDouble() == lambda);
        Assert.Equal(Trials().Max(AccuracyOf), AccuracyOf(chosen));
    }

    [Fact]
    public void TwoLayerCifar10_trials_lie_in_the_searched_range() => Assert.All(
        Trials(), trial => Assert.InRange(trial.GetProperty("lambda").GetDouble(), 1e-5, 1e-1));

    [Fact]
    public void TwoLayerCifar10_report_is_one_file_that_says_synthetic_and_quick()
    {
        string html = File.ReadAllText(Path.Combine(whole.Out, "report.html"));
        Assert.Contains("not CIFAR-10", html);
        Assert.Contains("quick run", html);
        Assert.Contains(whole.Report.GetProperty("final").GetProperty("weightsSha256").GetString()!, html);
        Assert.All(Sources().Matches(html), match => Assert.StartsWith("data:", match.Groups[1].Value));
        Assert.DoesNotContain("http://", html);
        Assert.DoesNotContain("https://", html);
        Assert.All(["gradients", "cycles", "search", "final"], id => Assert.Contains($"<section id=\"{id}\">", html));
    }

    [Theory]
    [InlineData("cycles")]
    [InlineData("search")]
    [InlineData("final")]
    public void TwoLayerCifar10_figures_are_PNG_and_SVG_with_text(string name)
    {
        string path = Path.Combine(whole.Out, "figures", name);
        byte[] png = File.ReadAllBytes(path + ".png");
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        var svg = System.Xml.Linq.XDocument.Load(path + ".svg");
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "text" && element.Value.Length > 0);

        // A rectangle without a fill is black.
        Assert.DoesNotContain(
            svg.Descendants().Where(element => element.Name.LocalName == "rect" && element.Parent!.Name.LocalName != "clipPath"),
            element => element.Attribute("fill") is null);
    }

    [Fact]
    public void TwoLayerCifar10_weights_of_a_seed_are_reproducible_on_any_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        JsonElement expected = whole.Report.GetProperty("final");
        foreach (string threads in (string[])["1", "3"])
        {
            string lambda = expected.GetProperty("lambda").GetRawText();
            SampleRun run = SampleProcess.Run(
                ["final", "--quick", "--synthetic", "--seed", "3", "--threads", threads, "--lambda", lambda, "--out", folder["out"]]);
            Assert.True(run.ExitCode == 0, run.ToString());
            JsonElement final = WholeRun.ReadReport(folder["out"]).GetProperty("final");
            Assert.Equal(expected.GetProperty("weightsSha256").GetString(), final.GetProperty("weightsSha256").GetString());
        }
    }

    [Fact]
    public void TwoLayerCifar10_report_keeps_parts_that_were_run_and_omits_others()
    {
        using var folder = new TemporaryFolder();
        string[] options = ["--quick", "--synthetic", "--out", folder["out"]];

        Assert.Equal(0, SampleProcess.Run(["gradients", .. options]).ExitCode);
        Assert.Equal(["data", "gradients"], Names(WholeRun.ReadReport(folder["out"])));

        Assert.Equal(0, SampleProcess.Run(["final", .. options]).ExitCode);
        JsonElement both = WholeRun.ReadReport(folder["out"]);
        Assert.Equal(["data", "gradients", "final"], Names(both));
        Assert.Equal(0.002584, both.GetProperty("final").GetProperty("lambda").GetDouble());

        // Another seed is another experiment: its report does not mix with the first one's, which is there again when asked for.
        Assert.Equal(0, SampleProcess.Run(["gradients", "--seed", "2", .. options]).ExitCode);
        Assert.Equal(["data", "gradients"], Names(WholeRun.ReadReport(folder["out"])));
        Assert.Equal(0, SampleProcess.Run(["gradients", .. options]).ExitCode);
        Assert.Equal(["data", "gradients", "final"], Names(WholeRun.ReadReport(folder["out"])));
    }

    [Fact]
    public void TwoLayerCifar10_without_data_and_network_uses_synthetic_images()
    {
        using var folder = new TemporaryFolder();
        SampleRun run = SampleProcess.Run("gradients", "--quick", "--out", folder["out"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("SYNTHETIC", run.Output[0]);
        Assert.Contains("could not be downloaded", run.Output[0]);
        Assert.Equal("synthetic", WholeRun.ReadReport(folder["out"]).GetProperty("data").GetProperty("source").GetString());
    }

    private IEnumerable<JsonElement> Trials() => whole.Report.GetProperty("search").GetProperty("stages").EnumerateArray()
        .SelectMany(stage => stage.GetProperty("trials").EnumerateArray());

    private static double AccuracyOf(JsonElement trial) => trial.GetProperty("validationAccuracy").GetDouble();

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(property => property.Name)];

    [GeneratedRegex("(?:src|href=\"(?!#))=?\"([^\"]*)\"")]
    private static partial Regex Sources();
}
