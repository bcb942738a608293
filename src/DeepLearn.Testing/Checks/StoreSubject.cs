using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Testing.Checks;

/// <summary>The stores of one kind, by name, and what is done with them again and again.</summary>
/// <param name="open">Makes the store of a name.</param>
internal sealed class StoreSubject(Func<string, TrialStore> open)
{
    /// <summary>The seed of the search that stores are opened for.</summary>
    public const ulong Seed = 7;

    private readonly Lock _lock = new();

    /// <summary>The name of the kind.</summary>
    public string Kind => CheckList.Try(() => Store("kind").GetType().Name) ?? "a kind of store that cannot be made";

    /// <summary>Whether several processes may have a store of the kind at a time.</summary>
    public bool IsShared { get; } = TryMake(open) is SharedTrialStore;

    public TrialStore Store(string name)
    {
        lock (_lock)
            return open(name);
    }

    public TrialLog Open(string name, ulong seed = Seed) => Store(name).Open(Identity(seed));

    /// <summary>The log of a store; null if another has it.</summary>
    public static TrialLog? TryOpen(TrialStore store)
    {
        try
        {
            return store.Open(Identity(Seed));
        }
        catch (TrialStoreException)
        {
            return null;
        }
    }

    /// <summary>The log of a store that others may have open too.</summary>
    public SharedTrialLog Share(string name) => ((SharedTrialStore)Store(name)).Open(Identity(Seed));

    public void Keep(string name, params ReadOnlySpan<TrialResult> results)
    {
        using TrialLog log = Open(name);
        foreach (TrialResult result in results)
            log.Append(result);
    }

    public void ExpectKept(string name, params ReadOnlySpan<TrialResult> expected)
    {
        using TrialLog log = Open(name);
        IReadOnlyList<TrialResult> found = log.Recorded;
        Expect.Equal(expected.Length, found.Count, "the number of trials read back");
        for (int i = 0; i < expected.Length; i++)
        {
            Expect.Equal(Shortened(expected[i]), Shortened(found[i]), $"trial {i} read back");
            Expect.That(expected[i].Error == found[i].Error, $"the error of trial {i}, {expected[i].Error?.Length} characters", "another");

            // Records call the two zeros equal.
            Expect.SameBits(NumbersOf(expected[i]), NumbersOf(found[i]), $"the numbers of trial {i} read back");
        }
    }

    private static TrialStore? TryMake(Func<string, TrialStore> open)
    {
        try
        {
            return open("kind");
        }
        catch (Exception)
        {
            return null;
        }
    }

    // Odd texts in what tells searches apart, too.
    private static RunIdentity Identity(ulong seed) =>
        (SmallSearch.Of(SmallSearch.Space, 3) with { Seed = seed, Subject = $"a contract: {OddTrials.Text}" }).Identity();

    private static TrialResult Shortened(TrialResult result) =>
        result with { Error = result.Error is { Length: > 200 } ? "long" : result.Error };

    private static double[] NumbersOf(TrialResult result) =>
    [
        result.Score,
        result.Seconds,
        .. result.Metrics.Select(metric => metric.Value),
        .. result.Reports.Select(report => report.Score),
        .. result.Trial.Point.Parameters.Where(parameter => parameter.Value.IsNumber).Select(parameter => parameter.Value.Number),
    ];
}
