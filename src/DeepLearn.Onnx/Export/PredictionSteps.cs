using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>
/// What a file computes around the network, in this order: by default all that a <c>Predictor</c> does to features and to outputs.
/// </summary>
internal sealed record PredictionSteps
{
    /// <summary>The standardization of a table's columns of numbers; null for none. Features of categories pass it as they are.</summary>
    public Standardization? Columns { get; init; }

    /// <summary>The normalization of the features; null for none.</summary>
    public Standardization? Inputs { get; init; }

    /// <summary>What scores are divided by; null for nothing.</summary>
    public float? Temperature { get; init; }

    /// <summary>The scaling of targets that is undone: <c>output * standard deviation + mean</c>; null for none.</summary>
    public Standardization? Targets { get; init; }

    /// <summary>The function at the end.</summary>
    public OnnxEnding Ending { get; init; }

    /// <summary>The steps of a model's file.</summary>
    /// <param name="card">What goes with the model's weights.</param>
    /// <param name="input">The shape of an example.</param>
    /// <param name="output">The shape of what the network gives for it.</param>
    /// <param name="options">What is asked for.</param>
    /// <exception cref="ArgumentException">What is asked for contradicts the card, or itself.</exception>
    public static PredictionSteps Of(ModelCard card, Shape input, Shape output, OnnxExportOptions options)
    {
        if (options.NetworkAlone)
        {
            string? found = options.Normalization is not null ? nameof(options.Normalization)
                : options.Ending is not (null or OnnxEnding.None) ? nameof(options.Ending) : null;
            return found is null ? new() : throw new ArgumentException(
                $"A file with {nameof(OnnxExportOptions.NetworkAlone)} takes inputs that are prepared and gives the network's own outputs; "
                + $"found {found} as well.");
        }
        Normalization? normalization = NormalizationOf(card, options);
        if (normalization is not null && normalization.Features != input.Count)
        {
            throw new ArgumentException(
                $"The normalization has an element for each of the {input.Count} features; found {normalization.Features}.");
        }
        OnnxEnding ending = EndingOf(card, output, options);
        bool isRegression = card.Task is { Kind: TaskKind.Regression };
        return new()
        {
            Columns = ColumnsOf(card.Preprocessing) is { } columns ? Standardization.Of(columns, "preprocessing") : null,
            Inputs = normalization is null ? null : Standardization.Of(normalization, "normalization"),
            Temperature = isRegression || card.Temperature == 1 ? null : TemperatureOf(card),
            Targets = isRegression && card.TargetScaling is { } scaling ? Standardization.Of(scaling, "scaling of targets") : null,
            Ending = ending,
        };
    }

    /// <summary>How the columns of a table become features, but for categories; null where it leaves numbers as they are.</summary>
    private static Normalization? ColumnsOf(Preprocessing? table)
    {
        var mean = new List<double>();
        var deviation = new List<double>();
        foreach (ColumnPreparation column in table?.Columns ?? [])
        {
            mean.AddRange(Enumerable.Repeat(column.IsCategorical ? 0 : column.Mean, column.Width));
            deviation.AddRange(Enumerable.Repeat(column.IsCategorical ? 1 : column.StandardDeviation, column.Width));
        }
        bool isNothing = mean.TrueForAll(number => number == 0) && deviation.TrueForAll(number => number == 1);
        return isNothing ? null : new([.. mean], [.. deviation]);
    }

    private static Normalization? NormalizationOf(ModelCard card, OnnxExportOptions options)
    {
        if (options.Normalization is not { } asked || card.Normalization is not { } own || asked.Equals(own))
            return options.Normalization ?? card.Normalization;
        int i = asked.Features != own.Features ? 0 : Enumerable.Range(0, own.Features).First(
            feature => own.Mean[feature] != asked.Mean[feature] || own.StandardDeviation[feature] != asked.StandardDeviation[feature]);
        throw new ArgumentException(
            $"Expected the normalization of the model's card, {Text(own, i)}; found {Text(asked, i)}. Without "
            + $"{nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.Normalization)} the file has the card's.");

        static string Text(Normalization normalization, int i) => FormattableString.Invariant(
            $"mean {normalization.Mean[i]} and standard deviation {normalization.StandardDeviation[i]} for feature {i} ")
            + $"of {normalization.Features}";
    }

    private static OnnxEnding EndingOf(ModelCard card, Shape output, OnnxExportOptions options)
    {
        if (card.Task is null)
        {
            OnnxEnding asked = options.Ending ?? OnnxEnding.None;
            if (asked is OnnxEnding.Softmax or OnnxEnding.LogSoftmax && output.Count == 1)
            {
                throw new ArgumentException(
                    $"Expected at least two outputs before the ending {asked}; found one, whose {asked} is the same for every example.");
            }
            bool isUnclear = asked == OnnxEnding.None && (card.Temperature != 1 || card.TargetScaling is not null);
            return !isUnclear ? asked : throw new ArgumentException(
                $"The model's card has a {(card.Temperature != 1 ? "temperature" : "scaling of targets")}, but not what the outputs mean: "
                + $"expected a {nameof(ModelCard.Task)} on the card, or {nameof(OnnxExportOptions)}."
                + $"{nameof(OnnxExportOptions.NetworkAlone)}; found neither.");
        }
        OnnxEnding[] fitting = card.Task.Kind switch
        {
            TaskKind.Multiclass => [OnnxEnding.Softmax, OnnxEnding.LogSoftmax, OnnxEnding.None],
            TaskKind.Binary or TaskKind.Multilabel => [OnnxEnding.Sigmoid, OnnxEnding.None],
            _ => [OnnxEnding.None],
        };
        OnnxEnding ending = options.Ending ?? fitting[0];
        return fitting.Contains(ending) ? ending : throw new ArgumentException(
            $"By its card the model predicts {card.Task}: expected the ending {string.Join(" or ", fitting)}; found {ending}.");
    }

    private static float TemperatureOf(ModelCard card) => (float)card.Temperature is > 0 and < float.PositiveInfinity and var temperature
        ? temperature
        : throw new ArgumentException(FormattableString.Invariant(
            $"A file holds numbers of 32 bits: expected a temperature within their range; found {card.Temperature}."));
}
