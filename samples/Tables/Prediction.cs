using System.Numerics.Tensors;
using DeepLearn.Data;
using DeepLearn.Data.Csv;
using DeepLearn.Data.Tables;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Reporting.Tables;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.Tables;

/// <summary>What a saved model says of the rows of a file, which has the columns of features by name.</summary>
internal static class Prediction
{
    public static int Run(string modelFile, string file)
    {
        try
        {
            Write(modelFile, file);
            return 0;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            Console.Error.WriteLine($"error: {exception.Message}");
            return 1;
        }
    }

    private static void Write(string modelFile, string file)
    {
        // The one file has the network, its weights, and how rows become examples.
        Model<float> model = Model.Load<float>(modelFile);
        Preprocessing preprocessing = model.Card.Preprocessing
            ?? throw new InvalidDataException($"{modelFile} does not say how a table's rows become examples.");
        var options = new CsvOptions
        {
            CategoricalColumns = [.. preprocessing.Columns.Where(column => column.IsCategorical).Select(column => column.Name)],
        };
        DenseDataset<float> examples = preprocessing.Apply<float>(CsvFiles.ReadTable(file, options));
        var numbers = new Matrix<float>(examples.Count, examples.Description.ExampleShape.Count);
        examples.Gather<float>([.. Enumerable.Range(0, examples.Count)], numbers);
        Matrix<float> outputs = model.Predict(numbers);
        for (int row = 0; row < outputs.Rows; row++)
            Console.WriteLine(Describe(outputs.Row(row), model.Card));
    }

    private static string Describe(Span<float> outputs, ModelCard card)
    {
        if (card.Task?.Kind == TaskKind.Regression)
            return Format.Text($"{outputs[0]:f1}");
        TensorPrimitives.SoftMax(outputs, outputs);
        int best = TensorPrimitives.IndexOfMax<float>(outputs);
        return $"{card.ClassNames[best]}, {Format.Percent(outputs[best])}";
    }
}
