namespace DeepLearn.Testing;

/// <summary>What <see cref="ScheduleContract"/> may know of a schedule, and how long it looks. An immutable value.</summary>
public sealed record ScheduleContractOptions
{
    /// <summary>How many of the first steps are looked at, at least 2. Default 1000.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>The least rate that these steps come near to and no step goes below; null, the default, if that is not checked.</summary>
    public double? Least { get; init; }

    /// <summary>
    /// The greatest rate that these steps come near to and no step goes above; null, the default, if that is not checked.
    /// </summary>
    public double? Greatest { get; init; }

    /// <summary>The largest change from one step to the next; null, the default, if the schedule may jump.</summary>
    public double? LargestChange { get; init; }

    /// <summary>The number of steps after which the rates repeat themselves; null, the default, if they do not.</summary>
    public int? Period { get; init; }
}
