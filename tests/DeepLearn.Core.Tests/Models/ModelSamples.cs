using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;

namespace DeepLearn.Tests.Models;

/// <summary>A small network, and a card with everything on it.</summary>
internal static class ModelSamples
{
    public static Sequential Network { get; } = new(new Dense(4), new BatchNorm(), new Relu(), new Dense(2));

    public static ModelCard FullCard { get; } = new()
    {
        Normalization = new([0.1, -1e-320, 1e300], [double.Epsilon, 1.0 / 3, double.MaxValue]),
        Preprocessing = new()
        {
            Columns =
            [
                new() { Name = "age", Mean = 40.5, StandardDeviation = 12, Replacement = 38 },
                new() { Name = "city", IsCategorical = true, Categories = ["Oslo", "Łódź"] },
            ],
            LabelColumn = "buys",
            ClassNames = ["no", "yes"],
        },
        FeatureNames = ["age", "city=Oslo", "city=Łódź"],
        Order = PixelOrder.Planar,
        Task = PredictionTask.Multiclass(2),
        ClassNames = ["no", "yes"],
        TargetNames = ["p", "q"],
        TargetScaling = new([1, 2], [3, 4]),
        Temperature = 1.7,
        Training = new()
        {
            Plan = "a plan",
            Seed = ulong.MaxValue,
            Steps = 12,
            PlannedSteps = 20,
            Metrics = [new("validation accuracy", 0.1)],
            LibraryVersion = "0.1.0",
        },
        Texts = [new("labels", "[\"cat\", \"dog\"]"), new("by", "Jürgen\n"), new("deep", "")],
    };
}
