using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>
/// What goes with a network's weights: what inputs have to go through first, what the outputs mean, and how the model came about
/// (Mitchell, Wu, Zaldivar et al., "Model Cards for Model Reporting", 2019). An immutable value, which a model's file keeps.
/// </summary>
/// <remarks>A trainer fills it in from its plan and its training set; the rest is set with <c>with</c>.</remarks>
/// <example><code>
/// trainer.Run();
/// Console.WriteLine($"{model.Card.Training!.Steps} steps, {model.Card.ClassNames.Count} classes");    // prints 6 steps, 10 classes
/// </code></example>
public sealed record ModelCard
{
    /// <summary>What the refusals of data that a card does not go with end with.</summary>
    internal const string OrLearnAnew = $"or, where the model is to learn anew, give it {nameof(ModelCard)}.{nameof(Empty)} first.";

    /// <summary>An empty card.</summary>
    public static ModelCard Empty { get; } = new();

    /// <summary>How the rows of a table become examples; null, the default, if there is no table.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>How features are brought to a common scale, after <see cref="Preprocessing"/>; null, the default, leaves them.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>The names of the features in order; empty, the default, if they are not known.</summary>
    public ValueList<string> FeatureNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>Which axis of an example of three axes is the channels; without meaning for others. Default
    /// <see cref="PixelOrder.ChannelsLast"/>.</summary>
    public PixelOrder Order { get; init => field = PropertyGuard.Member(value); }

    /// <summary>What the outputs mean; null, the default, if it is not known.</summary>
    public PredictionTask? Task { get; init; }

    /// <summary>The names of the classes in order; empty, the default, if they are not known.</summary>
    public ValueList<string> ClassNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>The names of the numbers or labels that are predicted, in order; empty, the default, if they are not known.</summary>
    public ValueList<string> TargetNames { get; init => field = PropertyGuard.NotNull(value); } = ValueList<string>.Empty;

    /// <summary>
    /// The means and standard deviations by which the targets of a regression were brought to a common scale: a prediction is <c>output *
    /// standard deviation + mean</c>. Null, the default, if they were not.
    /// </summary>
    public Normalization? TargetScaling { get; init; }

    /// <summary>
    /// What scores are divided by before they become probabilities (Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural
    /// Networks", 2017); finite and above 0. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite, or not above 0.</exception>
    public double Temperature
    {
        get;
        init => field = double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Temperature), value, "A temperature is finite and above 0.");
    } = 1;

    /// <summary>How the model came about; null, the default, if it was not trained.</summary>
    public TrainingSummary? Training { get; init; }

    /// <summary>Texts of your own, each with a key of its own.</summary>
    public ValueList<ModelText> Texts { get; init => field = PropertyGuard.NotNull(value); } = ValueList<ModelText>.Empty;

    /// <summary>The text of a key; null if there is none.</summary>
    /// <param name="key">The key.</param>
    public string? TextOf(string key) => Texts.FirstOrDefault(text => text.Key == key)?.Text;

    /// <summary>The whole card as JSON, for a place of its own beside weights; a model's file keeps it by itself.</summary>
    public string ToJson() => ModelCardJson.Write(this, isWhole: true);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">
    /// The text is not of the form, of a later version, or has something unknown; the message names the place.
    /// </exception>
    public static ModelCard FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ModelCardJson.Read(json, "The card", isWhole: true);
    }

    /// <summary>
    /// Throws an <see cref="ArgumentException"/> where examples of a data set are known to mean something else than those that the model
    /// was trained on: pixels in another order, other features, classes in another order, rows of a table prepared in another way.
    /// </summary>
    /// <param name="found">What the examples look like.</param>
    /// <param name="name">What the data set is called, such as <c>the training set</c>.</param>
    internal void RequireLikeness(DatasetDescription found, string name)
    {
        bool areImages = found.ExampleShape.Rank == 3 && Training is not null;
        if (areImages && found.Order != Order)
            Refuse($"pixels in the order {Order}", $"{found.Order}");
        RequireNames("class", ClassNames, found.ClassNames);
        RequireNames("feature", FeatureNames, found.FeatureNames);
        if (Likeness.AreOtherwise(Preprocessing, found.Preparation))
        {
            throw new ArgumentException(
                $"Expected {name} to be made by the preprocessing of the model's card; found another {found.Preparation!.Key}. Apply that "
                + $"of the card to the table; {OrLearnAnew}");
        }
        RequirePreparation(found.Preparation, name);

        void RequireNames(string what, ValueList<string> expected, ValueList<string> names)
        {
            if (Likeness.FirstOtherName(expected, names) is { } i)
                Refuse($"{expected[i]} as {what} {i}", names[i]);
        }

        void Refuse(string expected, string there) => throw new ArgumentException(
            $"By its card the model knows {expected}; {name} has {there}. {nameof(Dataset)}.{nameof(Dataset.AlignedTo)} matches classes "
            + $"and features by name, and orders of pixels; {OrLearnAnew}");
    }

    /// <summary>
    /// Throws an <see cref="ArgumentException"/> where examples were prepared otherwise than the card's text of such a preparation says:
    /// images that were cropped or resized in another way.
    /// </summary>
    internal void RequirePreparation(ExamplePreparation? found, string name)
    {
        if (found is not null and not Data.Tables.Preprocessing && TextOf(found.Key) is { } text && text != found.ToJson())
        {
            throw new ArgumentException(
                $"By its card the model knows examples of the {found.Key} {text}; {name} was made by {found.ToJson()}. Prepare it as the "
                + $"card says; {OrLearnAnew}");
        }
    }

    /// <summary>Throws an <see cref="ArgumentException"/> if the card cannot belong to a model of the given shapes.</summary>
    internal void RequireFit(Shape input, Shape output)
    {
        Require(Preprocessing is null || Preprocessing.Columns.Sum(column => column.Width) == input.Count,
            "preprocessing", $"{input.Count} features", $"{Preprocessing?.Columns.Sum(column => column.Width)}");
        Require(Normalization is null || Normalization.Features == input.Count,
            "normalization", $"{input.Count} features", $"{Normalization?.Features}");
        Require(FeatureNames.Count == 0 || FeatureNames.Count == input.Count,
            "list of feature names", $"{input.Count} of them, or none", $"{FeatureNames.Count}");
        Require(Task is null || Task.Outputs == output.Count, "task", $"{output.Count} outputs", $"{Task}");
        int classes = Task is { Classes: > 0 } ? Task.Classes : output.Count;
        Require(ClassNames.Count <= classes, "list of class names", $"at most {classes}", $"{ClassNames.Count}");
        Require(TargetNames.Count == 0 || TargetNames.Count == output.Count,
            "list of target names", $"{output.Count} of them, or none", $"{TargetNames.Count}");
        Require(TargetScaling is null || TargetScaling.Features == output.Count,
            "scaling of targets", $"{output.Count} targets", $"{TargetScaling?.Features}");
        var keys = new HashSet<string>();
        foreach (ModelText text in Texts)
        {
            Require(!string.IsNullOrEmpty(text.Key) && !text.Key.StartsWith(ModelFileTexts.Prefix, StringComparison.Ordinal)
                && text.Text is not null && keys.Add(text.Key),
                "text", $"a key of its own that is not empty and does not begin with {ModelFileTexts.Prefix}", $"\"{text.Key}\"");
        }

        void Require(bool isSo, string what, string expected, string found)
        {
            if (!isSo)
                throw new ArgumentException($"The {what} of a model from {input} to {output} has {expected}; found {found}.");
        }
    }
}
