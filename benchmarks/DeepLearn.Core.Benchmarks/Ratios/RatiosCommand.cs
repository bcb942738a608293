using System.CommandLine;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>ratios</c>: us and the peers, interleaved in one process.</summary>
internal static class RatiosCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="project">The project it is part of, for the command line in a report.</param>
    /// <param name="arguments">The arguments after the word <c>ratios</c>.</param>
    /// <param name="peers">Peers that this program has besides the usual ones; they come first.</param>
    public static int Run(string project, string[] arguments, IReadOnlyList<IProductPeer> peers)
    {
        NativeEnvironment.LimitSpinning();
        var command = new RootCommand("Measures DeepLearn.Core and its peers in turns, in one process, and prints the medians of their ratios.");
        var options = new RatioOptions();
        options.AddTo(command);
        var peerNames = new Option<string[]>("--peers")
        {
            Description = "The peers, by name; the first is the one the summary is about. Default: all there are.",
            AllowMultipleArgumentsPerToken = true,
        };
        var openBlas = new Option<FileInfo?>("--openblas") { Description = "The file of the OpenBLAS library, where it is not found by its usual names." };
        command.Add(peerNames);
        command.Add(openBlas);
        command.SetAction(result =>
        {
            IProductPeer[] all = [.. peers, new OpenBlasPeer(result.GetValue(openBlas)?.FullName), new MathNetPeer(), new NaivePeer(), new DotPeer()];
            string[] wanted = [.. (result.GetValue(peerNames) ?? []).SelectMany(name => name.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            if (wanted.FirstOrDefault(name => !all.Any(peer => Is(peer, name))) is { } unknown)
            {
                Console.Error.WriteLine($"There is no peer named {unknown}; there are {string.Join(", ", all.Select(peer => peer.Name))}.");
                return 1;
            }
            IProductPeer[] chosen = wanted.Length == 0 ? all : [.. wanted.Select(name => all.First(peer => Is(peer, name)))];
            return RunProducts(project, arguments, options, result, chosen);
        });
        return command.Parse(arguments).Invoke();
    }

    private static int RunProducts(string project, string[] arguments, RatioOptions options, ParseResult result, IProductPeer[] chosen)
    {
        RatioSettings settings = options.Settings(result);
        foreach (IProductPeer peer in chosen.Where(peer => peer.Unavailable is not null))
            Console.Error.WriteLine($"{peer.Name} is not measured: {peer.Unavailable}");
        IProductPeer[] available = [.. chosen.Where(peer => peer.Unavailable is null)];
        if (available.Length == 0)
        {
            Console.Error.WriteLine("There is no peer to measure beside.");
            return 1;
        }

        var page = new ReportPage(Console.Out);
        page.Head("Matrix products", ReportPage.Command(project, ["ratios", .. arguments]), available.Select(peer => (peer.Name, peer.Description)));
        var products = new ProductRatios(settings, available);
        products.WarmUp();
        var tables = new ProductTables([.. available.Select(peer => peer.Name)]);
        List<ProductRatio> rows = [];
        foreach (IReadOnlyList<ProductRatio> row in products.Run().Where(row => row.Count > 0))
        {
            rows.AddRange(row);
            page.Line(tables.Next(row));
        }
        if (rows.Count == 0)
        {
            Console.Error.WriteLine("No product matches the filter.");
            return 1;
        }
        Summarise(page, rows, available[0].Name);
        page.Line();
        page.Duration();
        options.Save(result, page, rows);
        return 0;
    }

    private static void Summarise(ReportPage page, List<ProductRatio> rows, string peer)
    {
        page.Line();
        page.Line("### Summary of the products");
        page.Line();
        foreach (string line in ProductSummary.Lines(rows, peer))
            page.Line(line);
        ProductRatio[] behind = [.. ProductSummary.PeerAhead(rows, peer)];
        page.Line();
        page.Line(behind.Length == 0
            ? $"No row has {peer} ahead beyond the spread (upper quartile below 1)."
            : $"{peer} is ahead beyond the spread (upper quartile below 1) in {behind.Length} of {rows.Count(row => row.Peer == peer)} rows: "
                + string.Join("; ", behind.Select(row => $"{row.Shape} {row.Transposition} {row.Type} {row.Threads}t {MarkdownTable.Ratio(row.Ratio)}")) + ".");
    }

    private static bool Is(IProductPeer peer, string name) => peer.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
