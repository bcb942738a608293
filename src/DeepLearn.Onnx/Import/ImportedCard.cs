using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Losses;
using DeepLearn.Models;

namespace DeepLearn.Onnx.Import;

/// <summary>The card of a model that was read: the one that the file keeps, or what the graph tells.</summary>
internal static class ImportedCard
{
    /// <summary>Gives the model its card.</summary>
    /// <param name="import">What was read of the graph.</param>
    /// <param name="json">The card that the file keeps; null for none.</param>
    /// <param name="notes">What is worth knowing.</param>
    /// <returns>What the file does to examples first: with the digits that the card has, where the graph has them rounded.</returns>
    /// <exception cref="InvalidDataException">The card is damaged.</exception>
    public static Normalization? Give<T>(OnnxImport<T> import, string? json, List<string> notes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Normalization? normalization = import.Normalization;
        if (json is not null && Read(json) is var kept)
        {
            if (normalization is not null && kept.Normalization is { } exact && IsRounded(exact, normalization))
                normalization = exact;
            try
            {
                import.Model.Card = kept with { Normalization = normalization ?? kept.Normalization };
                return normalization;
            }
            catch (ArgumentException exception)
            {
                notes.Add($"The card of the file is not one of this network, and was passed over: {exception.Message}");
            }
        }
        int outputs = import.Model.OutputShape.Count;
        PredictionTask? task = import.Ending switch
        {
            OnnxEnding.Softmax or OnnxEnding.LogSoftmax when outputs > 1 => PredictionTask.Multiclass(outputs),
            OnnxEnding.Sigmoid => outputs == 1 ? PredictionTask.Binary : PredictionTask.Multilabel(outputs),
            _ => null,
        };
        import.Model.Card = ModelCard.Empty with
        {
            Normalization = normalization,
            Task = task,
            ClassNames = task?.Classes == import.ClassNames.Length ? [.. import.ClassNames] : [],
        };
        return normalization;
    }

    private static ModelCard Read(string json)
    {
        try
        {
            return ModelCard.FromJson(json);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(
                $"{OwnTexts.Card}: {exception.Message} {nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.GraphAlone)} reads the graph "
                + "without it.",
                exception);
        }
    }

    private static bool IsRounded(Normalization exact, Normalization found) => exact.Features == found.Features
        && exact.Mean.Zip(found.Mean).All(pair => (float)pair.First == pair.Second)
        && exact.StandardDeviation.Zip(found.StandardDeviation).All(pair => (float)pair.First == pair.Second);
}
