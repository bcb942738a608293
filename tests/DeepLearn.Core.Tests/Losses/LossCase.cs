using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Testing;

namespace DeepLearn.Tests.Losses;

/// <summary>A row of the table of losses: a loss, the targets it takes, and how to stay clear of its kinks.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Make">The loss for a number of outputs, its options chosen at random.</param>
/// <param name="Kind">The targets.</param>
/// <param name="Clearance">The distance of one example's outputs from the nearest kink; infinite where there is none.</param>
public sealed record LossCase(
    string Name,
    LossCase.Factory Make,
    LossCase.TargetKind Kind,
    LossKinkDistance? Clearance = null)
{
    public delegate Loss Factory(int outputs, ref RandomStream random);

    public enum TargetKind
    {
        Labels,
        Probabilities,
        YesOrNo,
        Numbers,
    }

    /// <summary>The table. A new loss joins by a row.</summary>
    public static IReadOnlyList<LossCase> All { get; } =
    [
        new("softmax", (int n, ref RandomStream r) => new SoftmaxCrossEntropy(), TargetKind.Labels),
        new("softmax, options", SoftmaxOptions, TargetKind.Labels),
        new("softmax, soft targets", (int n, ref RandomStream r) => new SoftmaxCrossEntropy(), TargetKind.Probabilities),
        new("softmax, soft targets, options", SoftmaxOptions, TargetKind.Probabilities),
        new(
            "softmax, weights",
            (int n, ref RandomStream r) => new SoftmaxCrossEntropy { ClassWeights = Weights(n, ref r) },
            TargetKind.Labels),
        new("sigmoid", (int n, ref RandomStream r) => new SigmoidBinaryCrossEntropy(), TargetKind.Labels),
        new("sigmoid, many classes", SigmoidOptions, TargetKind.YesOrNo),
        new(
            "hinge, Weston-Watkins",
            (int n, ref RandomStream r) => new MulticlassHinge { Margin = 0.5 + r.NextUniform() },
            TargetKind.Labels,
            HingeClearance),
        new(
            "hinge, Weston-Watkins, weights",
            (int n, ref RandomStream r) => new MulticlassHinge { ClassWeights = Weights(n, ref r) },
            TargetKind.Labels,
            HingeClearance),
        new(
            "hinge, Crammer-Singer",
            (int n, ref RandomStream r) => new MulticlassHinge { Form = HingeForm.CrammerSinger, ClassWeights = Weights(n, ref r) },
            TargetKind.Labels,
            HingeClearance),
        new("squared error", (int n, ref RandomStream r) => new MeanSquaredError(), TargetKind.Numbers),
        new(
            "squared error, sum",
            (int n, ref RandomStream r) => new MeanSquaredError { Reduction = OutputReduction.Sum },
            TargetKind.Numbers),
        new("absolute error", (int n, ref RandomStream r) => new MeanAbsoluteError(), TargetKind.Numbers, ErrorClearance),
        new(
            "absolute error, sum",
            (int n, ref RandomStream r) => new MeanAbsoluteError { Reduction = OutputReduction.Sum },
            TargetKind.Numbers,
            ErrorClearance),
        new("Huber", (int n, ref RandomStream r) => new Huber(0.2 + (2 * r.NextUniform())), TargetKind.Numbers, HuberClearance),
        new(
            "Huber, sum",
            (int n, ref RandomStream r) => new Huber(0.2 + (2 * r.NextUniform())) { Reduction = OutputReduction.Sum },
            TargetKind.Numbers,
            HuberClearance),
    ];

    public override string ToString() => Name;

    private static SoftmaxCrossEntropy SoftmaxOptions(int outputs, ref RandomStream random) =>
        new() { LabelSmoothing = 0.9 * random.NextUniform(), ClassWeights = Weights(outputs, ref random) };

    private static SigmoidBinaryCrossEntropy SigmoidOptions(int outputs, ref RandomStream random) =>
        new() { PositiveWeights = Weights(outputs, ref random), Reduction = OutputReduction.Sum };

    private static ValueList<double> Weights(int count, ref RandomStream random)
    {
        var weights = new double[count];
        foreach (ref double weight in weights.AsSpan())
            weight = 3 * random.NextUniform();
        return ValueList.Create<double>(weights);
    }

    internal static double HingeClearance(Loss loss, ReadOnlySpan<double> outputs, ReadOnlySpan<double> values, int label)
    {
        double nearest = double.PositiveInfinity;
        for (int j = 0; j < outputs.Length; j++)
        {
            if (j == label)
                continue;
            nearest = Math.Min(nearest, Math.Abs(((MulticlassHinge)loss).Margin + outputs[j] - outputs[label]));
            for (int k = 0; k < j; k++)
                nearest = k == label ? nearest : Math.Min(nearest, Math.Abs(outputs[j] - outputs[k]));
        }
        return nearest;
    }

    internal static double ErrorClearance(Loss loss, ReadOnlySpan<double> outputs, ReadOnlySpan<double> values, int label)
    {
        double nearest = double.PositiveInfinity;
        for (int j = 0; j < outputs.Length; j++)
            nearest = Math.Min(nearest, Math.Abs(outputs[j] - values[j]));
        return nearest;
    }

    internal static double HuberClearance(Loss loss, ReadOnlySpan<double> outputs, ReadOnlySpan<double> values, int label)
    {
        double nearest = double.PositiveInfinity;
        for (int j = 0; j < outputs.Length; j++)
            nearest = Math.Min(nearest, Math.Abs(Math.Abs(outputs[j] - values[j]) - ((Huber)loss).Delta));
        return nearest;
    }
}
