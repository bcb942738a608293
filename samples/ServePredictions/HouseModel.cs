using System.Globalization;
using System.Text;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>Prices of houses by a table with numbers, a category and missing values, all of them made up here.</summary>
internal static class HouseModel
{
    private static readonly string[] Towns = ["Ash", "Birch", "Cedar"];

    public static Model<float> Train(TrainingCallback<float> callback, CancellationToken cancellationToken)
    {
        using var csv = new StringReader(MakeCsv(2_000));
        Table table = CsvFiles.ParseTable(csv, "houses", new() { TargetColumns = ["price"], CategoricalColumns = ["town"] });
        Preprocessing preprocessing = Preprocessing.Fit(
            table, new PreprocessingOptions { MissingValues = MissingValues.Mean, Standardizes = true });

        DenseDataset<float> training = preprocessing.Apply<float>(table);
        Model<float> model = new Sequential(new Dense(32), new Relu(), new Dense(1)).Build<float>(training.ExampleShape, seed: 1);
        var plan = new TrainingPlan
        {
            Schedule = new OneCycleSchedule(maximum: 1e-2, totalSteps: 1_000),
            Length = TrainingLength.Steps(1_000),
            Optimizer = new Adam(),
            Loss = new MeanSquaredError(),

            // A network learns numbers about 1 in size best; predictions are in the price's own unit again.
            TargetScaling = Normalization.OfTargets(training),
            Evaluation = new() { Every = 250 },
        };
        using var trainer = new Trainer<float>(model, plan, training);
        trainer.Callbacks.Add(callback);
        trainer.Run(cancellationToken: cancellationToken);
        model.Card = model.Card with
        {
            Preprocessing = preprocessing,
            TargetNames = ["price"],
        };
        return model;
    }

    /// <summary>Rows whose price is 1,000 + 20 an area of 1 + 50 a room, more in Cedar, with noise; some values are missing.</summary>
    internal static string MakeCsv(int rows)
    {
        RandomStream random = RandomKey.FromSeed(1).Derive("houses").Open();
        var text = new StringBuilder("area,rooms,town,price\n");
        for (int i = 0; i < rows; i++)
        {
            double area = Math.Round(40 + (160 * random.NextUniform()));
            int rooms = 1 + random.NextIndex(6), town = random.NextIndex(Towns.Length);
            double price = 1_000 + (20 * area) + (50 * rooms) + (town == 2 ? 1_500 : 0) + (100 * (random.NextUniform() - 0.5));
            string shown = random.NextIndex(20) == 0 ? "" : rooms.ToString(CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{area},{shown},{Towns[town]},{price:F0}\n");
        }
        return text.ToString();
    }
}
