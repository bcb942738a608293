using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>The network of the report and how it is trained: the few values that all four parts share.</summary>
internal static class TwoLayerNetwork
{
    public const int HiddenUnits = 50;
    public const int BatchSize = 100;
    public const double MinimumRate = 1e-5;
    public const double MaximumRate = 1e-1;

    /// <summary>Weights from N(0, 1/sqrt(fan-in)), biases zero.</summary>
    public static Sequential Network { get; } = new(
        new Dense(HiddenUnits) { Weights = NormalInitializer.LeCun },
        new Relu(),
        new Dense(10) { Weights = NormalInitializer.LeCun });

    /// <summary>Plain gradient descent with a cyclical learning rate and an L2 penalty, softmax and cross-entropy.</summary>
    public static TrainingPlan Plan(double lambda, long stepSize, int cycles, ulong seed, Normalization normalization) => new()
    {
        Schedule = new TriangularSchedule(MinimumRate, MaximumRate, stepSize),
        Length = TrainingLength.Cycles(cycles),
        Regularizer = new L2(lambda),
        BatchSize = BatchSize,
        Seed = seed,
        Normalization = normalization,
    };
}
