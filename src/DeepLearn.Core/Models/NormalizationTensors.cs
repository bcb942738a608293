using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>A normalization in a file: two tensors <c>[1, features]</c> of type F64, whose bits are those of the value.</summary>
internal sealed class NormalizationTensors
{
    private readonly string _mean;
    private readonly string _standardDeviation;

    private NormalizationTensors(string mean, string standardDeviation)
    {
        _mean = mean;
        _standardDeviation = standardDeviation;
    }

    /// <summary>The normalization of the inputs.</summary>
    public static NormalizationTensors OfInputs { get; } = new("normalization/mean", "normalization/deviation");

    /// <summary>The scaling of a regression's targets.</summary>
    public static NormalizationTensors OfTargets { get; } = new("targets/mean", "targets/scale");

    public static bool IsNameOfOne(string name) => OfInputs.HasName(name) || OfTargets.HasName(name);

    public void Add(SafetensorsWriter writer, Normalization normalization)
    {
        writer.Add(_mean, Row(normalization.Mean));
        writer.Add(_standardDeviation, Row(normalization.StandardDeviation));
    }

    /// <summary>The normalization of a file; null if it has none.</summary>
    /// <exception cref="InvalidDataException">It has one of the two tensors alone, or values out of range.</exception>
    public Normalization? Read(SafetensorsReader reader)
    {
        if (reader.Find(_mean) is null && reader.Find(_standardDeviation) is null)
            return null;
        ValueList<double> mean = List(reader, _mean), deviation = List(reader, _standardDeviation);
        try
        {
            return new(mean, deviation);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{reader.Source} has a normalization that cannot be: {exception.Message}", exception);
        }
    }

    private bool HasName(string name) => name == _mean || name == _standardDeviation;

    private static Matrix<double> Row(ValueList<double> numbers) => Matrix<double>.CopyOf(new(numbers.AsSpan(), 1, numbers.Count));

    private ValueList<double> List(SafetensorsReader reader, string name)
    {
        SafetensorsEntry entry = reader.Find(name)
            ?? throw new InvalidDataException($"{reader.Source}: a normalization has {_mean} and {_standardDeviation}; found no {name}.");
        Matrix<double> numbers = reader.ReadMatrix<double>(entry);
        return numbers.Rows == 1
            ? ValueList.Create<double>(numbers.AsSpan())
            : throw new InvalidDataException($"{reader.Source}: expected {name} with one row; found {entry}.");
    }
}
