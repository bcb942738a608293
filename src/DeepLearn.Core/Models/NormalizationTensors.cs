using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>A normalization in a file: two tensors <c>[1, features]</c> of type F64, whose bits are those of the value.</summary>
internal static class NormalizationTensors
{
    private const string Mean = "normalization/mean";
    private const string StandardDeviation = "normalization/deviation";

    public static bool IsNameOfOne(string name) => name is Mean or StandardDeviation;

    public static bool ArePartOf(SafetensorsReader reader) => reader.Find(Mean) is not null || reader.Find(StandardDeviation) is not null;

    public static void Add(SafetensorsWriter writer, Normalization normalization)
    {
        writer.Add(Mean, Row(normalization.Mean));
        writer.Add(StandardDeviation, Row(normalization.StandardDeviation));
    }

    /// <summary>The normalization of a file; null where it has none.</summary>
    /// <exception cref="InvalidDataException">It has half of one, or one that cannot be.</exception>
    public static Normalization? Read(SafetensorsReader reader)
    {
        if (!ArePartOf(reader))
            return null;
        ValueList<double> mean = List(reader, Mean), deviation = List(reader, StandardDeviation);
        try
        {
            return new(mean, deviation);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{reader.Source} has a normalization that cannot be: {exception.Message}", exception);
        }
    }

    private static Matrix<double> Row(ValueList<double> numbers) => Matrix<double>.CopyOf(new(numbers.AsSpan(), 1, numbers.Count));

    private static ValueList<double> List(SafetensorsReader reader, string name)
    {
        SafetensorsEntry entry = reader.Find(name)
            ?? throw new InvalidDataException($"{reader.Source}: a normalization has {Mean} and {StandardDeviation}; found no {name}.");
        Matrix<double> numbers = reader.ReadMatrix<double>(entry);
        return numbers.Rows == 1
            ? ValueList.Create<double>(numbers.AsSpan())
            : throw new InvalidDataException($"{reader.Source}: expected {name} with one row; found {entry}.");
    }
}
