namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The settings of a run of <c>ratios</c>.</summary>
internal sealed record RatioSettings
{
    /// <summary>Filters. A row must contain all words of one of them; without filters every row is selected.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>float, double or both.</summary>
    public IReadOnlyList<string> Types { get; init; } = ["float", "double"];

    /// <summary>The numbers of threads.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1];

    /// <summary>The number of rounds of each row.</summary>
    public int Rounds { get; init; } = DefaultRounds;

    /// <summary>The default number of rounds: an odd number, so that a median is a measured value.</summary>
    public const int DefaultRounds = 25;

    /// <summary>Whether a row is selected.</summary>
    public bool Wants(Func<string, bool> matches) => Filters.Count == 0 || Filters.Any(matches);
}
