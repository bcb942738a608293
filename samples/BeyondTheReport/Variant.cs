using DeepLearn.Layers;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>Something to train.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Network">The network.</param>
/// <param name="Plan">How it is trained; what is evaluated when is the laboratory's.</param>
internal sealed record Variant(string Name, Layer Network, TrainingPlan Plan)
{
    /// <summary>How many points its learning curves have after the start; each costs an evaluation.</summary>
    public int Points { get; init; } = 24;

    /// <summary>How many training images the curves are measured on.</summary>
    public int MeasuredImages { get; init; } = 5000;
}
