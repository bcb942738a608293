using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Tests.Training;

/// <summary>What the tests of training train, and on what.</summary>
internal static class TrainingData
{
    public static TrainingPlan Plan { get; } = new()
    {
        Schedule = new TriangularSchedule(1e-4, 1e-1, 15),
        Length = TrainingLength.Cycles(2),
        BatchSize = 16,
        Seed = 3,
        Regularizer = new L2(0.001),
        Evaluation = new() { Every = 10, AtStart = true },
    };

    /// <summary>Noise with a bright stripe whose place is the class.</summary>
    public static ByteDataset Striped(int count)
    {
        const int Width = 24;
        var bytes = new byte[count * Width];
        RandomStream random = RandomKey.FromSeed(5).Open();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.NextIndex(100) + ((i % Width) / 8 == (i / Width) % 3 ? 100 : 0));
        return new(bytes, [.. Enumerable.Range(0, count).Select(i => i % 3)], new DatasetDescription(Width) { Classes = 3 });
    }

    /// <summary>The plan with the data's normalization, and a fresh model.</summary>
    public static (TrainingPlan Plan, Model<T> Model) Prepare<T>(this TrainingPlan basis, Dataset data)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        (basis with { Normalization = Normalization.PerFeature(data) }, Network.Build<T>(data.ExampleShape, 1));

    public static Sequential Network { get; } = new(new Dense(9), new Relu(), new Dense(3));
}
