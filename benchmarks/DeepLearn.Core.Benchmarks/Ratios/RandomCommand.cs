using System.CommandLine;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>ratios random</c>: products of random sizes, beside OpenBLAS.</summary>
/// <param name="commandLine">The command line, for reports.</param>
internal sealed class RandomCommand(string commandLine)
{
    private readonly RatioOptions _options = new("sizes, NN, TN or NT") { Rounds = 9 };

    private readonly Option<int> _seed = new("--seed")
    { Description = "The seed of the random sizes.", Required = true };

    private readonly Option<int> _count = new("--count") { Description = "How many products.", DefaultValueFactory = _ => 500 };

    private readonly Option<FileInfo?> _openBlas = new("--openblas")
    {
        Description = "The file of the OpenBLAS library, where it is not found by its usual names.",
    };

    /// <summary>The command with its options.</summary>
    public Command Command
    {
        get
        {
            var command = new Command("random", "Products of sizes drawn at random, with beta 0 and 1, bias and ReLU, beside OpenBLAS.");
            _count.Validators.Add(result =>
            {
                if (result.GetValue(_count) < 1)
                    result.AddError("--count is at least 1.");
            });
            command.Add(_seed);
            command.Add(_count);
            command.Add(_openBlas);
            _options.AddTo(command);
            command.SetAction(Run);
            return command;
        }
    }

    private int Run(ParseResult result)
    {
        RatioSettings settings = _options.Settings(result);
        var blas = new OpenBlasPeer(result.GetValue(_openBlas)?.FullName);
        if (blas.Unavailable is not null)
            return Fail($"{blas.Name} cannot be measured: {blas.Unavailable}");
        ProductShape[] shapes =
            [.. ProductShapesAtRandom.Draw(result.GetValue(_seed), result.GetValue(_count)).Where(shape => settings.Wants(shape.Matches))];
        if (shapes.Length == 0)
            return Fail("No product matches the filter.");

        var page = new ReportPage(Console.Out);
        page.Head($"Random products, seed {result.GetValue(_seed)}", commandLine, [(blas.Name, blas.Description)]);
        var products = new ProductRatios(settings, [blas], shapes);
        products.WarmUp();
        List<ProductRatio> rows = [.. products.Run().SelectMany(row => row).Where(row => row.Peer == blas.Name)];
        foreach (string line in RandomSummary.Lines(rows))
            page.Line(line);
        page.Line();
        page.Duration();
        _options.Save(result, page, rows);
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
