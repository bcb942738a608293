using System.CommandLine;
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

    /// <summary>The command with its options.</summary>
    public Command Command
    {
        get
        {
            var command = new Command("convolution", "Convolutions, pass by pass, and steps and predictions of networks of them.");
            _options.AddTo(command);
            command.Add(_errors);
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
        var ratios = new ConvolutionRatios(_options.Settings(result), there);
        if (!ratios.HasAny)
        {
            Console.Error.WriteLine("No convolution or network matches the filter.");
            return 1;
        }
        var page = new ReportPage(Console.Out);
        page.Head("Convolutions", commandLine, there.Select(peer => (peer.Name, peer.Description)));
        var tables = new ConvolutionTables();
        List<ConvolutionRatio> rows = [];
        foreach (ConvolutionRatio row in ratios.Run())
        {
            rows.Add(row);
            page.Line(tables.Next(row));
        }
        page.Summary("Summary of the convolutions", ConvolutionTables.Figures(rows));
        page.Duration();
        _options.Save(result, page, rows);
        return 0;
    }
}
