using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Models.Specifications;

namespace DeepLearn.Models;

/// <summary>
/// A card as JSON: whole, or the part of it that a model's file keeps so; there preprocessing and texts are kept beside it, normalizations
/// among the tensors.
/// </summary>
internal static class ModelCardJson
{
    private const string Format = "deeplearn.card";
    private const int Version = 1;

    private static readonly ValueList<(string, PixelOrder)> Orders =
        [("channelsLast", PixelOrder.ChannelsLast), ("planar", PixelOrder.Planar)];

    private static readonly ValueList<(string, TaskKind)> Kinds =
    [
        ("binary", TaskKind.Binary), ("multiclass", TaskKind.Multiclass), ("multilabel", TaskKind.Multilabel),
        ("regression", TaskKind.Regression),
    ];

    public static string Write(ModelCard card, bool isWhole) => NetworkSpecification.Write(Format, Version, to =>
    {
        to.Write("order", card.Order, Orders).Write("temperature", card.Temperature).Write("classNames", card.ClassNames)
            .Write("featureNames", card.FeatureNames).Write("targetNames", card.TargetNames);
        if (card.Task is { } task)
            to.WriteObject("task", task, static (task, to) => to.Write("kind", task.Kind, Kinds).Write("outputs", task.Outputs));
        if (card.Training is { } training)
            to.WriteObject("training", training, Write);
        if (!isWhole)
            return;
        if (card.Normalization is { } normalization)
            to.WriteObject("normalization", normalization, Write);
        if (card.TargetScaling is { } scaling)
            to.WriteObject("targetScaling", scaling, Write);
        if (card.Preprocessing is { } preprocessing)
            to.Write("preprocessing", preprocessing.ToJson());
        to.WriteObjects("texts", card.Texts, static (text, to) => to.Write("key", text.Key).Write("text", text.Text));
    });

    public static ModelCard Read(string json, string source, bool isWhole) =>
        NetworkSpecification.Read(json, source, SpecificationFormats.Library, Format, Version, from => new ModelCard
        {
            Order = from.Choice("order", Orders),
            Temperature = from.Number("temperature"),
            ClassNames = from.Texts("classNames"),
            FeatureNames = from.Texts("featureNames"),
            TargetNames = from.Texts("targetNames"),
            Task = from.Has("task") ? from.Object("task").Making(ReadTask) : null,
            Training = from.Has("training") ? from.Object("training").Making(ReadTraining) : null,
            Normalization = isWhole && from.Has("normalization") ? from.Object("normalization").Making(ReadNormalization) : null,
            TargetScaling = isWhole && from.Has("targetScaling") ? from.Object("targetScaling").Making(ReadNormalization) : null,
            Preprocessing = isWhole && from.Has("preprocessing") ? Preprocessing.FromJson(from.Text("preprocessing")) : null,
            Texts = isWhole ? from.Objects("texts", static text => new ModelText(text.Text("key"), text.Text("text"))) : [],
        });

    private static void Write(TrainingSummary training, SpecificationWriter to) =>
        to.Write("plan", training.Plan).Write("seed", training.Seed.ToString(CultureInfo.InvariantCulture))
            .Write("steps", training.Steps).Write("plannedSteps", training.PlannedSteps)
            .WriteObjects(
                "metrics", training.Metrics, static (metric, to) => to.Write("name", metric.Name).Write("value", metric.Value))
            .Write("libraryVersion", training.LibraryVersion);

    private static void Write(Normalization normalization, SpecificationWriter to) =>
        to.Write("mean", normalization.Mean).Write("standardDeviation", normalization.StandardDeviation);

    private static Normalization ReadNormalization(SpecificationReader from) =>
        new(from.Numbers("mean"), from.Numbers("standardDeviation"));

    private static PredictionTask ReadTask(SpecificationReader from)
    {
        TaskKind kind = from.Choice("kind", Kinds);
        int outputs = from.Integer("outputs");
        return kind switch
        {
            TaskKind.Binary when outputs == 1 => PredictionTask.Binary,
            TaskKind.Multiclass => PredictionTask.Multiclass(outputs),
            TaskKind.Multilabel => PredictionTask.Multilabel(outputs),
            TaskKind.Regression => PredictionTask.Regression(outputs),
            _ => throw new InvalidDataException($"{from.Source}, {from.Path}.outputs: expected 1 for two classes; found {outputs}."),
        };
    }

    private static TrainingSummary ReadTraining(SpecificationReader from) => new()
    {
        Plan = from.Text("plan"),
        Seed = ulong.TryParse(from.Text("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new InvalidDataException($"{from.Source}, {from.Path}.seed: expected digits; found \"{from.Text("seed")}\"."),
        Steps = from.LongInteger("steps"),
        PlannedSteps = from.LongInteger("plannedSteps"),
        Metrics = from.Objects("metrics", static metric => new MeasuredValue(metric.Text("name"), metric.Number("value"))),
        LibraryVersion = from.Text("libraryVersion"),
    };
}
