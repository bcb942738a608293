using System.CommandLine;
using DeepLearn.Benchmarks.Convolutions;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Predictions;
using DeepLearn.Benchmarks.Products;
using DeepLearn.Benchmarks.Steps;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The command <c>ratios</c>: this library and its peers, interleaved in one process.</summary>
/// <param name="project">The project it is part of, for the command line in a report.</param>
/// <param name="arguments">The arguments after the word <c>ratios</c>.</param>
/// <param name="programStart">The time stamp of the program's first line.</param>
internal sealed class RatiosCommand(string project, string[] arguments, long programStart)
{
    /// <summary>Additional peers of the products; they come before the usual ones.</summary>
    public IReadOnlyList<IProductPeer> ProductPeers { get; init; } = [];

    /// <summary>Peers of the training step.</summary>
    public IReadOnlyList<IStepPeer> StepPeers { get; init; } = [];

    /// <summary>Peers of the convolutions.</summary>
    public IReadOnlyList<IConvolutionPeer> ConvolutionPeers { get; init; } = [];

    /// <summary>Peers of the predictions.</summary>
    public IReadOnlyList<IPredictionPeer> PredictionPeers { get; init; } = [];

    private string CommandLine => ReportPage.Command(project, ["ratios", .. arguments]);

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code: 0, or 1 after a message.</returns>
    public int Run()
    {
        NativeEnvironment.LimitSpinning();
        var root = new RootCommand(
            "Measures DeepLearn.Core and its peers in turns, in one process, and prints the medians of their ratios. "
            + "Without a further word: matrix products.");
        AddProducts(root);
        root.Add(StepCommand());
        root.Add(CostsCommand());
        root.Add(new KernelCommand(CommandLine).Command);
        root.Add(new ConvolutionCommand(CommandLine, ConvolutionPeers).Command);
        root.Add(new PredictCommand(CommandLine, PredictionPeers).Command);
        root.Add(new RandomCommand(CommandLine).Command);
        root.Add(new CoresCommand(CommandLine).Command);
        root.Add(new SearchCommand(CommandLine).Command);
        root.Add(new HalvingCommand(CommandLine).Command);
        new ExperimentCommands(CommandLine, programStart).AddTo(root);
        return root.Parse(arguments).Invoke();
    }

    private void AddProducts(RootCommand root)
    {
        var options = new RatioOptions("sizes, NN, TN or NT, square, convolution, \"batch 100\"");
        options.AddTo(root);
        var peerNames = new Option<string[]>("--peers")
        {
            Description = "The peers, by name; the first is the one the summary is about. Default: all there are.",
            AllowMultipleArgumentsPerToken = true,
        };
        var openBlas = new Option<FileInfo?>("--openblas")
        {
            Description = "The file of the OpenBLAS library, where it is not found by its usual names.",
        };
        root.Add(peerNames);
        root.Add(openBlas);
        root.SetAction(result =>
        {
            var blas = new OpenBlasPeer(result.GetValue(openBlas)?.FullName);
            IProductPeer[] peers = [.. ProductPeers, blas, new MathNetPeer(), new NaivePeer(), new DotPeer(), new PackedPeer()];
            string[] wanted = RatioOptions.Split(result.GetValue(peerNames));
            if (wanted.FirstOrDefault(name => !peers.Any(peer => peer.Name == name)) is { } unknown)
                return Fail($"There is no peer named {unknown}; there are {string.Join(", ", peers.Select(peer => peer.Name))}.");
            if (wanted.Length > 0)
                peers = [.. wanted.Select(name => peers.First(peer => peer.Name == name))];
            return RunProducts(options, result, peers);
        });
    }

    private int RunProducts(RatioOptions options, ParseResult result, IProductPeer[] peers)
    {
        RatioSettings settings = options.Settings(result);
        foreach (IProductPeer peer in peers.Where(peer => peer.Unavailable is not null))
            Console.Error.WriteLine($"{peer.Name} is not measured: {peer.Unavailable}");
        peers = [.. peers.Where(peer => peer.Unavailable is null)];
        if (peers.Length == 0)
            return Fail("There is no peer to measure beside.");
        ProductShape[] shapes = [.. ProductShapes.All.Where(shape => settings.Wants(shape.Matches))];
        if (shapes.Length == 0)
            return Fail("No product matches the filter.");

        var page = new ReportPage(Console.Out);
        page.Head("Matrix products", CommandLine, peers.Select(peer => (peer.Name, peer.Description)));
        var products = new ProductRatios(settings, peers, shapes);
        products.WarmUp();
        var tables = new ProductTables([.. peers.Select(peer => peer.Name)]);
        List<ProductRatio> rows = [];
        foreach (IReadOnlyList<ProductRatio> row in products.Run().Where(row => row.Count > 0))
        {
            rows.AddRange(row);
            page.Line(tables.Next(row));
        }
        var summary = new ProductSummary(rows, peers[0].Name);
        page.Summary("Summary of the products", summary.Figures());
        page.Line(summary.WherePeerIsAhead());
        page.Duration();
        options.Save(result, page, rows);
        return 0;
    }

    private Command StepCommand()
    {
        var command = new Command(
            "step", "Whole training steps, plain gradient descent, and Adam for small networks, beside the peers and the FMA bound.");
        var options = new RatioOptions("the network's widths, \"batch 100\"");
        options.AddTo(command);
        command.SetAction(result => RunSteps(options, result));
        return command;
    }

    private int RunSteps(RatioOptions options, ParseResult result)
    {
        RatioSettings settings = options.Settings(result);
        foreach (IStepPeer peer in StepPeers.Where(peer => peer.Unavailable is not null))
            Console.Error.WriteLine($"{peer.Name} is not measured: {peer.Unavailable}");
        IStepPeer[] peers = [.. StepPeers.Where(peer => peer.Unavailable is null)];
        if (!StepRatios.Cases.Any(stepCase => settings.Wants(stepCase.Matches)))
            return Fail("No step matches the filter.");

        var page = new ReportPage(Console.Out);
        page.Head("Training steps", CommandLine, peers.Select(peer => (peer.Name, peer.Description)));
        var tables = new StepTables([.. peers.Select(peer => peer.Name)]);
        List<StepRatio> rows = [];
        foreach (IReadOnlyList<StepRatio> row in new StepRatios(settings, peers).Run())
        {
            rows.AddRange(row);
            page.Line(tables.Next(row));
        }
        page.Summary("Summary of the steps", StepSummary.Figures(rows, [.. peers.Select(peer => peer.Name)]));
        page.Duration();
        options.Save(result, page, rows);
        return 0;
    }

    private Command CostsCommand()
    {
        var command = new Command("costs", "Where the time of a training step goes, and how it grows with width and batch; one thread.");
        var options = new RatioOptions("the network's widths, \"batch 100\"") { OneThread = true, Rounds = StepCosts.DefaultRounds };
        options.AddTo(command);
        command.SetAction(result =>
        {
            RatioSettings settings = options.Settings(result);
            if (!StepCosts.Cases.Any(stepCase => settings.Wants(stepCase.Matches)))
                return Fail("No step matches the filter.");
            var page = new ReportPage(Console.Out);
            page.Head("What a step costs", CommandLine, []);
            page.Line();
            var tables = new CostTables();
            page.Line(tables.Head);
            List<StepCost> rows = [];
            foreach (StepCost row in new StepCosts(settings).Run())
            {
                rows.Add(row);
                page.Line(tables.Row(row));
            }
            page.Line();
            page.Line("### A model of the cost");
            page.Line();
            foreach (string line in CostTables.Models(rows))
                page.Line(line);
            page.Line();
            page.Duration();
            options.Save(result, page, rows);
            return 0;
        });
        return command;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
