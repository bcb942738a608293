using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Training;

/// <summary>Whether a network can give what a loss and its targets ask for: asked before anything is trained or measured.</summary>
internal static class OutputFit
{
    /// <summary>Throws unless a loss can compare a network's outputs with targets of a kind.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="classes">The number of classes; 0 where there are no labels.</param>
    /// <param name="targetWidth">The number of real-valued targets of an example; 0 where there are none.</param>
    /// <exception cref="ArgumentException">It cannot; the message says what the network ends with.</exception>
    public static void Require<T>(Model<T> model, Loss loss, int classes, int targetWidth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            loss.RequireFit(model.OutputShape.Count, classes, targetWidth, RangeOf(model));
        }
        catch (ArgumentException exception)
        {
            string rows = model.OutputShape.Rank > 1 ? $" A {nameof(Flatten)} or {nameof(GlobalAveragePool)} makes a row of it." : "";
            throw new ArgumentException(
                $"{exception.Message} The network gives {model.OutputShape} for an example, and ends with {LastOf(model.Network)}.{rows}",
                exception);
        }
    }

    /// <summary>
    /// Throws where a target of a training set lies outside of what the network can give, so that no training brings it there, or is no
    /// probability, or a row no distribution, where the loss takes those.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss that training minimizes.</param>
    /// <param name="trainingSet">The training set, which fits the two.</param>
    /// <param name="scaling">What is done to the targets; null for nothing.</param>
    /// <exception cref="ArgumentException">One does; the message names the first.</exception>
    public static void RequireReach<T>(Model<T> model, Loss loss, Dataset trainingSet, Normalization? scaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Tolerance = 1e-6, SumTolerance = 1e-3;
        NumberRange range = loss.TakesProbabilities ? new(0, 1) : loss.IsLeastAtTarget ? RangeOf(model) : NumberRange.All;
        if (range == NumberRange.All || !loss.TakesValues || trainingSet.TargetWidth == 0)
            return;
        double least = range.Least - (Tolerance * Math.Max(1, Math.Abs(range.Least)));
        double greatest = range.Greatest + (Tolerance * Math.Max(1, Math.Abs(range.Greatest)));
        bool areDistributions =
            loss.TakesProbabilities && loss.TaskOf(trainingSet.TargetWidth, hasLabels: false).Kind == TaskKind.Multiclass;
        var targets = new Matrix<double>(1, trainingSet.TargetWidth);
        for (int i = 0; i < trainingSet.Count; i++)
        {
            trainingSet.GatherTargets(new ReadOnlySpan<int>(in i), targets.View);
            for (int j = 0; j < targets.Columns; j++)
            {
                double target = scaling is null ? targets[0, j] : (targets[0, j] - scaling.Mean[j]) / scaling.StandardDeviation[j];
                if (!(target < least || target > greatest))
                    continue;
                if (loss.TakesProbabilities)
                {
                    throw new ArgumentException(
                        $"{loss}: targets are probabilities, from 0 to 1; found "
                        + FormattableString.Invariant($"{targets[0, j]:g6} at example {i} of the training set. Numbers go with ")
                        + $"{nameof(MeanSquaredError)}.",
                        nameof(trainingSet));
                }
                string scaled = scaling is null
                    ? ""
                    : FormattableString.Invariant($", {target:g6} after {nameof(TrainingPlan.TargetScaling)}");
                throw new ArgumentException(
                    $"Network and training set do not fit together: outputs are {range}, since the network ends with "
                    + $"{LastOf(model.Network)}; target {j} of example {i} is "
                    + FormattableString.Invariant($"{targets[0, j]:g6}{scaled}. ")
                    + "Leave out the layer that bounds them, or bring the targets into its range.",
                    nameof(trainingSet));
            }
            double sum = 0;
            foreach (double target in targets.AsSpan())
                sum += target;
            if (areDistributions && !(Math.Abs(sum - 1) <= SumTolerance))
            {
                throw new ArgumentException(
                    $"{loss}: the targets of an example are one distribution over the classes, whose probabilities add up to 1; found "
                    + FormattableString.Invariant($"{sum:g6} at example {i} of the training set. Labels of which several may be right go ")
                    + $"with {nameof(SigmoidBinaryCrossEntropy)}; how much an example counts is its weight.",
                    nameof(trainingSet));
            }
        }
    }

    private static NumberRange RangeOf<T>(Model<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => model.Network.OutputRange(NumberRange.All);

    /// <summary>The last layer that decides what the outputs are: those that pass numbers on as they are do not.</summary>
    private static string LastOf(Layer network)
    {
        if (network is TestTimeAugmentation augmentation)
            return LastOf(augmentation.Network);
        if (network is not Sequential sequence)
            return network.GetType().Name;
        for (int i = sequence.Layers.Count - 1; i > 0; i--)
        {
            if (sequence.Layers[i].GetNonlinearity() != Nonlinearity.PassesOn)
                return LastOf(sequence.Layers[i]);
        }
        return LastOf(sequence.Layers[0]);
    }
}
