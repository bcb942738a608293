using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>The network of the report and how it is trained: what most experiments vary in one respect.</summary>
internal static class Baseline
{
    public const double MinimumRate = 1e-5;
    public const double MaximumRate = 1e-1;
    public const int HiddenUnits = 50;

    /// <summary>The lambda that the report found.</summary>
    public const double Lambda = 0.002584;

    /// <summary>The report's network, with as many hidden units as wanted.</summary>
    public static Sequential Network(int hidden = HiddenUnits) => new(
        new Dense(hidden) { Weights = NormalInitializer.LeCun },
        new Relu(),
        new Dense(10) { Weights = NormalInitializer.LeCun });

    /// <summary>The report's training: three cycles of four epochs.</summary>
    public static TrainingPlan Plan(Laboratory laboratory) => new()
    {
        Schedule = Triangles(laboratory, epochs: 4),
        Length = TrainingLength.Cycles(3),
        Regularizer = new L2(Lambda),
        BatchSize = Laboratory.BatchSize,
        Seed = laboratory.Seed,
        Normalization = laboratory.PerFeature,
    };

    /// <summary>The report's learning rate, in cycles of so many epochs.</summary>
    public static TriangularSchedule Triangles(Laboratory laboratory, double epochs, double maximum = MaximumRate) =>
        new(MinimumRate, maximum, laboratory.Steps(epochs / 2));
}
