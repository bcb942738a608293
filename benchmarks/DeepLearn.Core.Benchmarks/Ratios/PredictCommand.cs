using System.CommandLine;
using DeepLearn.Benchmarks.Predictions;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>ratios predict</c>: predictions in float, beside the peers.</summary>
/// <param name="commandLine">The command line, for reports.</param>
/// <param name="peers">The peers.</param>
internal sealed class PredictCommand(string commandLine, IReadOnlyList<IPredictionPeer> peers)
{
    private readonly RatioOptions _options = new("the network's name, \"batch 100\"") { FloatOnly = true };

    /// <summary>The command with its options.</summary>
    public Command Command
    {
        get
        {
            var command = new Command(
                "predict", "Predictions of whole networks in float: latency, throughput and allocations, beside the peers.");
            _options.AddTo(command);
            command.SetAction(Run);
            return command;
        }
    }

    private int Run(ParseResult result)
    {
        RatioSettings settings = _options.Settings(result);
        foreach (IPredictionPeer peer in peers.Where(peer => peer.Unavailable is not null))
            Console.Error.WriteLine($"{peer.Name} is not measured: {peer.Unavailable}");
        IPredictionPeer[] present = [.. peers.Where(peer => peer.Unavailable is null)];
        if (!PredictionCase.All.Any(@case => settings.Wants(@case.Matches)))
        {
            Console.Error.WriteLine("No prediction matches the filter.");
            return 1;
        }
        var page = new ReportPage(Console.Out);
        string beside = string.Concat(present.Select((peer, i) => (i == 0 ? " beside " : " and ") + peer.Library));
        page.Head("Predictions" + beside, commandLine, present.Select(peer => (peer.Name, peer.Description)));
        var tables = new PredictionTables();
        List<PredictionRatio> rows = [];
        foreach (IReadOnlyList<PredictionRatio> row in new PredictionRatios(settings, present).Run())
        {
            rows.AddRange(row);
            page.Line(tables.Next(row));
        }
        page.Line();
        page.Duration();
        _options.Save(result, page, rows);
        return 0;
    }
}
