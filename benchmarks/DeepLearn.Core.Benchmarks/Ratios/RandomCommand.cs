using System.CommandLine;
using System.Globalization;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>ratios random</c>: products of random sizes, beside OpenBLAS.</summary>
/// <param name="commandLine">The command line, for reports.</param>
internal sealed class RandomCommand(string commandLine)
{
    private readonly RatioOptions _options = new("sizes, NN, TN or NT") { Rounds = 9 };

    private readonly Option<string[]> _seeds = new("--seed")
    {
        Description = "The seed of the random sizes, or several.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _count = new("--count")
    {
        Description = "How many products of each seed.",
        DefaultValueFactory = _ => 500,
    };

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
            _seeds.Validators.Add(result =>
            {
                foreach (string text in RatioOptions.Split(result.GetValue(_seeds)).Where(text => !IsSeed(text)))
                    result.AddError($"--seed takes whole numbers; found \"{text}\".");
            });
            command.Add(_seeds);
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
        [
            .. RatioOptions.Split(result.GetValue(_seeds)).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).Distinct()
                .SelectMany(seed => ProductShapesAtRandom.Draw(seed, result.GetValue(_count)))
                .Where(shape => settings.Wants(shape.Matches)),
        ];
        if (shapes.Length == 0)
            return Fail("No product matches the filter.");

        var page = new ReportPage(Console.Out);
        string threads = settings.Threads switch
        {
            [1] => ", one thread",
            [var one] => $", {one} threads",
            _ => "",
        };
        page.Head($"Random products, vectors of {Machine.WidestVector} bits{threads}", commandLine, [(blas.Name, blas.Description)]);
        var products = new ProductRatios(settings, [blas], shapes) { HasBounds = true };
        products.WarmUp();
        if (products.Machine is { } machine)
        {
            foreach (string line in RandomSummary.Speeds(machine))
                page.Line(line);
        }
        List<ProductRatio> rows = [.. products.Run().SelectMany(row => row).Where(row => row.Peer == blas.Name)];
        foreach (string line in new RandomSummary(rows).Lines())
            page.Line(line);
        page.Line();
        page.Duration();
        _options.Save(result, page, rows);
        return 0;
    }

    private static bool IsSeed(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
