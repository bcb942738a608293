using System.Diagnostics;
using System.Globalization;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Ratios;
using DeepLearn.Foundation;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>
/// The most memory that a process has while it trains a network in float, ours and the peers', each in a process of its own.
/// </summary>
internal static class ConvolutionMemory
{
    private const string Ours = "ours";
    private const int Steps = 5;

    private static readonly MarkdownTable Table = new(
        ("network", -24), ("threads", 7), ("library", -10), ("peak MB", 8), ("above the library MB", 20));

    /// <summary>The table, line by line.</summary>
    public static IEnumerable<string> Lines(RatioSettings settings, IReadOnlyList<IConvolutionPeer> peers)
    {
        yield return Table.Head;
        foreach (NetworkCase network in NetworkCase.All.Where(network => settings.Wants(filter => $"{network} step".Contains(filter))))
        {
            foreach (int threads in settings.Threads)
            {
                foreach (string candidate in (string[])[Ours, .. peers.Select(peer => peer.Name)])
                {
                    string output = OwnProcess.Run(
                        "ratios", "convolution", "--memory-of", candidate, "--filter", network.ToString(), "--threads",
                        threads.ToString(CultureInfo.InvariantCulture));
                    string[] bytes = output.Trim().Split(' ');
                    double peak = Megabytes(bytes[1]);
                    yield return Table.Row(
                        network.ToString(),
                        MarkdownTable.Number(threads, 0),
                        candidate,
                        MarkdownTable.Number(peak, 0),
                        MarkdownTable.Number(peak - Megabytes(bytes[0]), 0));
                }
            }
        }

        static double Megabytes(string bytes) => long.Parse(bytes, CultureInfo.InvariantCulture) / 1e6;
    }

    /// <summary>
    /// Trains a network for some steps, and prints the bytes of the process after its library was used for the first time, and the most
    /// that it had.
    /// </summary>
    public static int Measure(string candidate, RatioSettings settings, IReadOnlyList<IConvolutionPeer> peers)
    {
        int threads = settings.Threads[0];
        using var workers = new WorkerPool(threads);
        IConvolutionPeer? peer = candidate == Ours ? null : peers.Single(other => other.Name == candidate);
        var tiny = new ConvolutionOperands<float>(new(4, 4, 4, 3, 1, 1, 1));
        using (IConvolutionRun first = peer is null ? new OwnConvolution<float>(tiny, workers) : peer.Prepare(tiny, threads))
        {
            first.Before();
            first.Forward();
        }
        var operands = new NetworkOperands<float>(
            NetworkCase.All.First(network => settings.Wants(filter => network.ToString().Contains(filter))));
        long before = Process.GetCurrentProcess().WorkingSet64;
        using INetworkRun run = peer is null ? new OwnNetwork<float>(operands, workers) : peer.Prepare(operands, threads);
        run.Before();
        for (int step = 0; step < Steps; step++)
            run.Step();
        Console.Out.WriteLine($"{before} {Process.GetCurrentProcess().PeakWorkingSet64}");
        return 0;
    }
}
