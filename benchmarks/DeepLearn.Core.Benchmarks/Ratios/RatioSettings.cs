namespace DeepLearn.Benchmarks.Ratios;

/// <summary>What a run of <c>ratios</c> measures, as its options say.</summary>
internal sealed record RatioSettings
{
    /// <summary>Texts of which a row has to contain one, with all its words; none for every row.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>float, double or both.</summary>
    public IReadOnlyList<string> Types { get; init; } = ["float", "double"];

    /// <summary>The numbers of threads.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1];

    /// <summary>How many rounds each row takes.</summary>
    public int Rounds { get; init; } = DefaultRounds;

    /// <summary>The number of rounds where none is named: an odd number, so that a median is a measured value.</summary>
    public const int DefaultRounds = 25;

    /// <summary>Whether a row of this description is wanted.</summary>
    public bool Wants(Func<string, bool> matches) => Filters.Count == 0 || Filters.Any(matches);
}
