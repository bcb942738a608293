using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>Small predictors: of numbers, and of a table.</summary>
internal static class PredictorSamples
{
    public static readonly Normalization Scaling = new([10, 20, 30], [2, 4, 8]);

    public static Preprocessing Steps { get; } = new()
    {
        Columns =
        [
            new() { Name = "age", Mean = 40, StandardDeviation = 10, Replacement = 38 },
            new() { Name = "city", IsCategorical = true, Categories = ["Oslo", "Rome", "7"] },
            new() { Name = "size", IsCategorical = true, Categories = ["small", "large"], Encoding = CategoryEncoding.Ordinal },
        ],
        LabelColumn = "buys",
        ClassNames = ["no", "yes"],
        MissingValues = MissingValues.Mean,
    };

    public static Predictor<T> Classes<T>(ValueList<string> names)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Model<T> model = new Sequential(new Dense(8), new Relu(), new Dense(3)).Build<T>(3, 1);
        model.Card = new() { Task = PredictionTask.Multiclass(3), ClassNames = names, Normalization = Scaling };
        return new(model);
    }

    public static Predictor<float> OfTable()
    {
        Model<float> model = new Sequential(new Dense(8), new Relu(), new Dense(2)).Build<float>(5, 1);
        model.Card = new()
        {
            Task = PredictionTask.Multiclass(2),
            ClassNames = ["no", "yes"],
            Preprocessing = Steps,
            Normalization = new([0, 0.5, 0, 0, 0], [1, 2, 1, 1, 1]),
        };
        return new(model);
    }

    public static Matrix<T> Row<T>(params T[] numbers)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        Matrix<T>.CopyOf(new(numbers, 1, numbers.Length));
}
