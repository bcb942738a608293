using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Models.Predictors;

/// <summary>A model's prediction for one example. An immutable value.</summary>
/// <remarks>
/// It can be written as JSON as it stands, by a web service for instance; what does not apply to the task is null or empty there. Numbers
/// that are not finite, which a model gives whose weights are not, are none in JSON.
/// </remarks>
public sealed record Prediction
{
    internal Prediction(PredictionTask task, ValueList<string> names, ValueList<double> probabilities, ValueList<double> values)
    {
        Task = task;
        Names = names;
        Probabilities = probabilities;
        Values = values;
        Label = task.Classes > 0 ? Greatest(probabilities) : -1;
    }

    /// <summary>What the model predicts.</summary>
    public PredictionTask Task { get; }

    /// <summary>The names of the classes, labels or numbers, in order; empty if they are not known.</summary>
    public ValueList<string> Names { get; }

    /// <summary>
    /// The probability of each class, two of them for two classes, or of each label; in order. Empty for numbers.
    /// </summary>
    public ValueList<double> Probabilities { get; }

    /// <summary>The predicted numbers in the units of the targets; empty for classes and labels.</summary>
    public ValueList<double> Values { get; }

    /// <summary>The most probable class, the first of equals; -1 for multi-label models and for numbers.</summary>
    public int Label { get; }

    /// <summary>The name of the most probable class; its number where the name is not known; null if there is no class.</summary>
    public string? ClassName => Label < 0 ? null : NameOf(Label);

    /// <summary>The probability of the most probable class, from 0 to 1; null if there is no class.</summary>
    public double? Probability => Label < 0 ? null : Probabilities[Label];

    /// <summary>
    /// The predicted number, in the unit of the target; null where the model predicts classes or labels, or more numbers than one, which
    /// are <see cref="Values"/>.
    /// </summary>
    public double? Value => Values.Count == 1 ? Values[0] : null;

    /// <summary>The most probable classes or labels, most probable first, the first of equals before the others.</summary>
    /// <param name="count">How many, at least 1; all where there are fewer.</param>
    public ValueList<ClassProbability> Top(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return [.. Enumerable.Range(0, Probabilities.Count).OrderByDescending(label => Probabilities[label]).Take(count)
            .Select(label => new ClassProbability(label, NameOf(label), Probabilities[label]))];
    }

    /// <summary>The labels whose probability is at least a threshold, in order: the answer of a multi-label model.</summary>
    /// <param name="threshold">The probability, from 0 to 1. Default 0.5.</param>
    public ValueList<ClassProbability> LabelsAbove(double threshold = 0.5) =>
        [.. Top(Math.Max(1, Probabilities.Count)).Where(label => label.Probability >= threshold).OrderBy(label => label.Label)];

    /// <summary>The class with its probability, the numbers, or the labels, in a line.</summary>
    public override string ToString() => Task.Kind switch
    {
        TaskKind.Regression => string.Join(", ", Values.Select((value, i) => string.Create(
            CultureInfo.InvariantCulture, $"{(Names.Count > i ? $"{Names[i]} " : "")}{value:G6}"))),
        TaskKind.Multilabel => string.Join(", ", LabelsAbove().Select(label => string.Create(
            CultureInfo.InvariantCulture, $"{label.Name} ({label.Probability:P1})"))),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ClassName} ({Probability:P1})"),
    };

    private static int Greatest(ValueList<double> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Count; i++)
            best = probabilities[i] > probabilities[best] ? i : best;
        return best;
    }

    private string NameOf(int label) => label < Names.Count ? Names[label] : label.ToString(CultureInfo.InvariantCulture);
}
