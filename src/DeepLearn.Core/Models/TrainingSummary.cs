using DeepLearn.Foundation;

namespace DeepLearn.Models;

/// <summary>How a model came about, for people to read. An immutable value.</summary>
public sealed record TrainingSummary
{
    /// <summary>The text of the training plan.</summary>
    public required string Plan { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The seed of the plan.</summary>
    public ulong Seed { get; init; }

    /// <summary>The number of updates that were made.</summary>
    public long Steps { get; init; }

    /// <summary>The number of updates that the plan has.</summary>
    public long PlannedSteps { get; init; }

    /// <summary>What the last evaluation measured.</summary>
    public ValueList<MeasuredValue> Metrics { get; init => field = PropertyGuard.NotNull(value); } = ValueList<MeasuredValue>.Empty;

    /// <summary>The version of the library that trained, as in <c>0.1.0</c>.</summary>
    public string LibraryVersion { get; init => field = PropertyGuard.NotNull(value); } = Foundation.LibraryVersion.Current;
}
