using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace DeepLearn.Tests.Samples;

/// <summary>The sample that goes from CSV files to saved models.</summary>
public sealed class TablesTests
{
    [Fact]
    public void Tables_learns_both_tables_and_its_models_predict_new_rows()
    {
        using var folder = new TemporaryFolder();

        SampleRun run = SampleProcess.RunOf("Tables", "--out", folder.Root);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Empty(run.Error);
        Assert.True(NumberAfter(run, "test accuracy ") >= 65, run.ToString());
        Assert.True(NumberAfter(run, "R² ") >= 0.85, run.ToString());
        string[] files = [.. Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(
            ["cars-search.html", "cars.safetensors", "penguins-calibration.png", "penguins-confusion.png", "penguins-search.html",
                "penguins.safetensors"],
            files);

        // A Gentoo and a Chinstrap penguin, each of which lives on one island; of the second, something is not known.
        File.WriteAllText(
            folder["new.csv"],
            """
            species,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex
            Gentoo,47.2,14.1,216,5100,FEMALE
            Chinstrap,49.8,18.4,,3730,

            """);
        SampleRun predicted = SampleProcess.RunOf("Tables", "predict", folder["penguins.safetensors"], folder["new.csv"]);
        Assert.True(predicted.ExitCode == 0, predicted.ToString());
        Assert.Collection(
            predicted.Output,
            line => Assert.StartsWith("Biscoe (9", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Dream (9", line, StringComparison.Ordinal));

        File.WriteAllText(
            folder["new.csv"],
            """
            cylinders,displacement,horsepower,weight,acceleration,model_year,origin
            4,97,75,2155,16.4,76,japan

            """);
        SampleRun miles = SampleProcess.RunOf("Tables", "predict", folder["cars.safetensors"], folder["new.csv"]);
        Assert.True(miles.ExitCode == 0, miles.ToString());
        Assert.InRange(double.Parse(Assert.Single(miles.Output).Split(' ')[^1], CultureInfo.InvariantCulture), 24, 34);
    }

    [Fact]
    public void Predict_what_is_not_there_is_one_line_on_standard_error()
    {
        SampleRun run = SampleProcess.RunOf("Tables", "predict", "/nowhere/a.safetensors", "/nowhere/a.csv");

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("error: ", Assert.Single(run.Error), StringComparison.Ordinal);
    }

    [Fact]
    public void Out_that_cannot_be_written_is_one_line_before_anything_is_learned()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");

        SampleRun run = SampleProcess.RunOf("Tables", "--out", Path.Combine(folder["file"], "below"));

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains("must name a folder that can be written", Assert.Single(run.Error), StringComparison.Ordinal);
    }

    private static double NumberAfter(SampleRun run, string words)
    {
        Match match = Regex.Match(string.Join('\n', run.Output), Regex.Escape(words) + "([0-9.]+)");
        Assert.True(match.Success, run.ToString());
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
