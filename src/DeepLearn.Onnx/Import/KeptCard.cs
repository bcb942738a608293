using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Onnx.Export;

namespace DeepLearn.Onnx.Import;

/// <summary>The card of a model that was read: the one that the file keeps, or what the graph tells.</summary>
internal static class KeptCard
{
    /// <summary>The card that a file keeps, and which steps of it the file says to be in its graph; null for none.</summary>
    /// <exception cref="InvalidDataException">A text is damaged.</exception>
    public static (ModelCard Card, OnnxEnding Ending, HashSet<string> Steps)? Read(IReadOnlyDictionary<string, string> texts)
    {
        if (!texts.TryGetValue(OwnTexts.Card, out string? json))
            return null;
        try
        {
            var card = ModelCard.FromJson(json);
            (OnnxEnding ending, HashSet<string> steps) = OwnTexts.ReadSteps(texts);
            return (card, ending, steps);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(
                $"{OwnTexts.Card}: {exception.Message} {nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.GraphAlone)} reads the graph "
                + "without it.",
                exception);
        }
    }

    /// <summary>The steps of a file with the digits that the card has, where the graph has them rounded.</summary>
    public static FileSteps WithDigits(FileSteps found, ModelCard kept)
    {
        return found with
        {
            Normalization = Exact(kept.Normalization, found.Normalization),
            Temperature = (float)kept.Temperature == found.Temperature ? kept.Temperature : found.Temperature,
            TargetScaling = Exact(kept.TargetScaling, found.TargetScaling),
        };

        static Normalization? Exact(Normalization? exact, Normalization? found) =>
            exact is not null && found is not null && Standardization.AreSame(exact, found) ? exact : found;
    }

    /// <summary>
    /// The card that a file keeps. What the graph was written with and does otherwise now has the numbers that the graph has: where
    /// another program fused it into weights, the model does it, and the card must not say it once more.
    /// </summary>
    /// <returns>The card; null with a note where it is another network's.</returns>
    public static ModelCard? TryGive<T>(
        Model<T> model, ModelCard kept, HashSet<string> written, FileSteps found, bool isSpecified, List<string> notes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelCard card = kept with
        {
            Normalization = found.Normalization ?? (written.Contains(StepNames.Inputs) ? null : kept.Normalization),
            Temperature = found.Temperature != 1 || written.Contains(StepNames.Temperature) ? found.Temperature : kept.Temperature,
            TargetScaling = found.TargetScaling ?? (written.Contains(StepNames.Targets) ? null : kept.TargetScaling),
        };
        if (written.Contains(StepNames.Columns) && kept.Preprocessing is { } table)
            card = card with { Preprocessing = WithScaling(table, isSpecified ? found.Columns : null) };
        try
        {
            model.Card = card;
            return card;
        }
        catch (ArgumentException exception)
        {
            notes.Add($"The card of the file is not one of this network, and was passed over: {exception.Message}");
            return null;
        }
    }

    /// <summary>The card by what the graph tells.</summary>
    public static ModelCard OfGraph<T>(OnnxImport<T> import, FileSteps steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int outputs = import.Model.OutputShape.Count;
        PredictionTask? task = steps.Ending switch
        {
            OnnxEnding.Softmax or OnnxEnding.LogSoftmax when outputs > 1 => PredictionTask.Multiclass(outputs),
            OnnxEnding.Sigmoid => outputs == 1 ? PredictionTask.Binary : PredictionTask.Multilabel(outputs),
            _ => steps.TargetScaling is not null ? PredictionTask.Regression(outputs) : null,
        };
        return ModelCard.Empty with
        {
            Normalization = steps.Normalization,
            Task = task,
            Temperature = steps.Temperature,
            TargetScaling = steps.TargetScaling,
            ClassNames = task?.Classes == import.ClassNames.Length ? [.. import.ClassNames] : [],
        };
    }

    /// <summary>A preprocessing of a table with the scaling that the file has; without one where null, as it is part of others.</summary>
    private static Preprocessing WithScaling(Preprocessing table, Normalization? found)
    {
        var columns = new List<ColumnPreparation>();
        int at = 0;
        foreach (ColumnPreparation column in table.Columns)
        {
            bool isThere = at < found?.Features;
            (double mean, double deviation) = isThere ? (found!.Mean[at], found.StandardDeviation[at]) : (0, 1);
            at += column.Width;
            bool isSame = column.IsCategorical
                || ((float)column.Mean == (float)mean && (float)column.StandardDeviation == (float)deviation);
            columns.Add(isSame ? column : column with { Mean = mean, StandardDeviation = deviation });
        }
        return table with { Columns = [.. columns] };
    }
}
