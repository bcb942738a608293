using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Models.Predictors;

namespace DeepLearn.Samples.Tables;

/// <summary>What a saved model says of the rows of a file, which has the columns of features by name.</summary>
internal static class SavedModel
{
    public static void Predict(string modelFile, string file)
    {
        // The one file has the network, its weights, and how rows become examples.
        Predictor<float> predictor = Predictor.Load<float>(modelFile);
        Preprocessing preprocessing = predictor.Card.Preprocessing
            ?? throw new InvalidDataException($"{modelFile} does not say how a table's rows become examples.");
        Table rows = CsvFiles.ReadTable(file, new()
        {
            CategoricalColumns = [.. preprocessing.Columns.Where(column => column.IsCategorical).Select(column => column.Name)],
        });
        foreach (Prediction prediction in predictor.Predict(rows))
            Console.WriteLine(prediction);
    }
}
