using System.CommandLine;
using System.Globalization;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Files;

namespace DeepLearn.Samples.Tables;

/// <summary>Two tables from CSV to a saved model: penguins (which island) and cars (how far on a gallon).</summary>
internal static class Program
{
    private static readonly Option<string> Out = new("--out")
    {
        HelpName = "DIR",
        Description = "Where figures, pages and models go.",
        DefaultValueFactory = _ => "tables",
    };

    private static readonly Argument<string> Model = new("MODEL") { Description = "A model that this sample saved." };

    private static readonly Argument<string> File = new("CSV") { Description = "A file with the columns of features by name." };

    public static int Main(string[] arguments)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var predict = new Command("predict", "Prints what a saved model says of the rows of a file.") { Model, File };
        var root = new RootCommand("Learns two tables: a search by cross-validation, a test, figures, a saved model.") { Out, predict };
        return SampleHost.Run(
            root,
            arguments,
            (parsed, stop) =>
            {
                if (parsed.CommandResult.Command == predict)
                    SavedModel.Predict(parsed.GetValue(Model)!, parsed.GetValue(File)!);
                else
                    Learn(OutputFolder.Open(parsed.GetValue(Out)!).Path, stop);
            },
            _ => "The same command begins again; what was saved stays.");
    }

    private static void Learn(string folder, CancellationToken stop)
    {
        var terminal = new ReportTerminal();
        Penguins.Run(terminal, folder, stop);
        Cars.Run(terminal, folder, stop);
    }
}
