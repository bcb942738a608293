namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// How much several threads get done beside one: the same work on each of them at once, turn by turn. What a machine's processors share
/// shows here without any code of the library: the units of a core, if two are halves of one, its caches, or the memory.
/// </summary>
/// <param name="threads">The number of threads.</param>
internal sealed class CoreSharing(int threads)
{
    // Phases in which processors share a core last some tenths of a second on virtual machines; a turn is short beside them.
    private const double SecondsOfTurn = 0.008;

    private const int TurnsAlone = 5;
    private const int Mega = 1 << 20;

    /// <summary>The kinds of work: the words for it, and what makes one for each thread.</summary>
    public static IReadOnlyList<(string Name, Func<int, Action[]> Make)> Kinds { get; } =
    [
        ("multiply-adds in registers", count => [.. Enumerable.Repeat(FmaPeak.Float.Loop.Work(SecondsOfTurn), count)]),
        ("reading 12 MB each", count => [.. Enumerable.Range(0, count).Select(_ => Reading(12 * Mega))]),
        ("reading 256 MB each", count => [.. Enumerable.Range(0, count).Select(_ => Reading(256 * Mega))]),
    ];

    /// <summary>Measures one kind of work.</summary>
    /// <param name="works">The work of each thread.</param>
    /// <param name="turns">How many turns of all threads.</param>
    /// <returns>For each turn, what all threads did in the time in which one alone does 1.</returns>
    public IEnumerable<CoreTurn> Run(Action[] works, int turns)
    {
        double alone = double.PositiveInfinity;
        for (int turn = 0; turn < turns; turn++)
        {
            // The machine's frequency drifts, so the thread alone is timed again every few turns.
            if (turn % TurnsAlone == 0)
                alone = Enumerable.Range(0, TurnsAlone).Min(_ => Time(works[..1]).Seconds);
            (double seconds, bool apart) = Time(works);
            yield return new(threads * alone / seconds, apart);
        }
    }

    private static Action Reading(int bytes)
    {
        byte[] source = new byte[bytes];
        Array.Fill(source, (byte)1);
        int passes = Math.Max(1, 96 * Mega / bytes);
        return () =>
        {
            for (int i = 0; i < passes; i++)
                MemoryTraffic.Read<byte>(source);
        };
    }

    // From the moment at which all threads are there to the end of the last; and whether each was on a processor of its own.
    private static (double Seconds, bool Apart) Time(Action[] works)
    {
        using var start = new Barrier(works.Length);
        double[] seconds = new double[works.Length];
        (int Before, int After)[] processors = new (int, int)[works.Length];
        Thread[] all =
        [
            .. works.Select((work, i) => new Thread(() =>
            {
                start.SignalAndWait();
                double began = Clock.Seconds;
                int before = Thread.GetCurrentProcessorId();
                work();
                processors[i] = (before, Thread.GetCurrentProcessorId());
                seconds[i] = Clock.Seconds - began;
            })),
        ];
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        bool stayed = processors.All(pair => pair.Before == pair.After);
        bool apart = stayed && processors.DistinctBy(pair => pair.Before).Count() == works.Length;
        return (seconds.Max(), apart);
    }
}
