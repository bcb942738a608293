using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>What the measures of yes and no share: two classes, by one output or by two, and several labels at once.</summary>
internal static class TwoClasses
{
    /// <summary>Whether a task is made of decisions, yes or no.</summary>
    public static bool IsOf(PredictionTask task) => task.Kind is TaskKind.Binary or TaskKind.Multilabel || task.Classes == 2;

    /// <summary>The score of class 1: the one output, or how far the second is above the first.</summary>
    public static double ScoreOf<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => outputs.Length == 1
            ? Precision.ToDouble(outputs[0])
            : Precision.ToDouble(outputs[1]) - Precision.ToDouble(outputs[0]);

    /// <summary>The score that has a probability.</summary>
    public static double ScoreAt(double probability) => VectorMath.Log(probability / (1 - probability));

    public static double Threshold(double value) => value is > 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A threshold of probability is above 0 and below 1.");
}
