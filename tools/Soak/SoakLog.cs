namespace DeepLearn.Tools.Soak;

/// <summary>What the process held after each round, and whether it grew.</summary>
/// <remarks>
/// The first quarter of the rounds warms up. The second and the last quarter are compared by their medians, which an allocation that was
/// not yet given back to the system does not move. The log itself has its place from the beginning, which is not counted: it would grow.
/// </remarks>
internal sealed class SoakLog
{
    /// <summary>The fewest rounds that say something.</summary>
    public const int FewestRounds = 12;

    /// <summary>The largest growth that counts as none.</summary>
    private const double Allowed = 0.01;

    private static readonly (string Name, Func<Usage, double> Value)[] Measures =
    [
        ("heap, MB", one => one.Heap / 1e6),
        ("resident, MB", one => one.Resident / 1e6),
        ("open files", one => one.Files),
        ("threads", one => one.Threads),
    ];

    // For a week of a hundred rounds a minute.
    private const int MostRounds = 1 << 20;

    private readonly Usage[] _rounds = new Usage[MostRounds];

    public int Count { get; private set; }

    public Usage Last => _rounds[Count - 1];

    private unsafe long OwnBytes => (long)MostRounds * sizeof(Usage);

    public bool Grew => Measures.Any(measure => Growth(measure.Value) > Allowed);

    public void Add(Usage usage)
    {
        if (Count == MostRounds)
            throw new InvalidOperationException($"A log has room for {MostRounds} rounds.");
        _rounds[Count++] = usage with { Heap = usage.Heap - OwnBytes };
    }

    /// <summary>A line for each measure: the median of the second and of the last quarter, and the growth.</summary>
    public IEnumerable<string> Compare()
    {
        foreach ((string name, Func<Usage, double> value) in Measures)
        {
            double growth = Growth(value);
            yield return $"{name,-14} {Median(value, 1),10:f2} then {Median(value, 3),10:f2}, {growth,8:+0.00 %;-0.00 %;0.00 %}"
                + (growth > Allowed ? "  GREW" : "");
        }
    }

    private double Growth(Func<Usage, double> value) => Median(value, 1) is var before and > 0 ? Median(value, 3) / before - 1 : 0;

    private double Median(Func<Usage, double> value, int quarter)
    {
        int from = Count * quarter / 4, to = Count * (quarter + 1) / 4;
        double[] sorted = [.. _rounds[from..to].Select(value).Order()];
        return sorted[sorted.Length / 2];
    }
}
