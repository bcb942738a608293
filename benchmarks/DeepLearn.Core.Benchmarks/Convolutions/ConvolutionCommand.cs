using System.CommandLine;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Ratios;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>The command <c>ratios convolution</c>.</summary>
/// <param name="commandLine">The command line, for reports.</param>
/// <param name="peers">The peers.</param>
internal sealed class ConvolutionCommand(string commandLine, IReadOnlyList<IConvolutionPeer> peers)
{
    private const int DefaultRounds = 9;

    private readonly RatioOptions _options = new("\"3x3 batch 64 forward\", depthwise, \"residual 16 step\"") { Rounds = DefaultRounds };

    private readonly Option<bool> _errors = new("--errors")
    {
        Description = "Instead of speeds, the rounding errors of each algorithm for kernels of 3x3.",
    };

    private readonly Option<string> _algorithm = new("--algorithm")
    {
        Description = "fastest, accurate or direct: what our layers may use; networks keep their default.",
        DefaultValueFactory = _ => "fastest",
    };

    private readonly Option<bool> _memory = new("--memory")
    {
        Description = "Instead of speeds, the most memory of a process that trains each network in float, ours and the peers'.",
    };

    private readonly Option<string?> _memoryOf = new("--memory-of")
    {
        Description = "For the processes of --memory: whose memory, as \"ours\".",
        Hidden = true,
    };

    /// <summary>The command with its options.</summary>
    public Command Command
    {
        get
        {
            var command = new Command("convolution", "Convolutions, pass by pass, and steps and predictions of networks of them.");
            _options.AddTo(command);
            _algorithm.AcceptOnlyFromAmong("fastest", "accurate", "direct");
            foreach (Option option in new Option[] { _errors, _algorithm, _memory, _memoryOf })
                command.Add(option);
            command.SetAction(Run);
            return command;
        }
    }

    private int Run(ParseResult result)
    {
        if (result.GetValue(_errors))
        {
            foreach (string line in ConvolutionErrors.Lines())
                Console.Out.WriteLine(line);
            return 0;
        }
        foreach (IConvolutionPeer peer in peers.Where(peer => peer.Unavailable is not null))
            Console.Error.WriteLine($"{peer.Name} is not measured: {peer.Unavailable}");
        IConvolutionPeer[] there = [.. peers.Where(peer => peer.Unavailable is null)];
        RatioSettings settings = _options.Settings(result);
        if (result.GetValue(_memoryOf) is { } candidate)
            return ConvolutionMemory.Measure(candidate, settings, there);
        if (result.GetValue(_memory))
        {
            foreach (string line in ConvolutionMemory.Lines(settings, there))
                Console.Out.WriteLine(line);
            return 0;
        }
        string algorithm = result.GetValue(_algorithm)!;
        int largestTile = algorithm switch { "direct" => 0, "accurate" => 2, _ => 4 };
        var ratios = new ConvolutionRatios(settings, there, largestTile);
        if (!ratios.HasAny)
        {
            Console.Error.WriteLine("No convolution or network matches the filter.");
            return 1;
        }
        var page = new ReportPage(Console.Out);
        page.Head(Title(settings, algorithm), commandLine, there.Select(peer => (peer.Name, peer.Description)));
        var tables = new ConvolutionTables();
        List<ConvolutionRatio> rows = [];
        foreach (ConvolutionRatio row in ratios.Run())
        {
            rows.Add(row);
            page.Line(tables.Next(row));
        }
        page.Summary("Summary of the convolutions", ConvolutionTables.Figures(rows));
        foreach (string line in ConvolutionTables.Behind(rows).Concat(ConvolutionTables.WideLayers(rows)))
            page.Line(line);
        page.Line();
        page.Duration();
        _options.Save(result, page, rows);
        return 0;
    }

    // Each has a section of its own on a page.
    private static string Title(RatioSettings settings, string algorithm)
    {
        string kind = algorithm switch
        {
            "direct" => "Convolutions by plain sums",
            "accurate" => "Convolutions, tiles of 2x2 at most",
            _ => "Convolutions",
        };
        return $"{kind}, {string.Join(" and ", settings.Types)}, vectors of {Machine.WidestVector} bits";
    }
}
