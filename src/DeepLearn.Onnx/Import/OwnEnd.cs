using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Onnx.Export;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// What a file of ours does behind the network, told by the names of its nodes: the temperature and the scaling of targets, which in
/// another library's file are fused into the last layer, and a sigmoid, which is the last layer there.
/// </summary>
internal sealed class OwnEnd
{
    private readonly HashSet<Step> _steps = [];

    /// <summary>Whether a sigmoid at the end is the ending.</summary>
    public bool IsSigmoid { get; private set; }

    /// <summary>What scores are divided by; 1 for nothing.</summary>
    public double Temperature { get; private set; } = 1;

    /// <summary>The scaling of targets that is undone; null for none.</summary>
    public Normalization? Targets { get; private set; }

    /// <summary>Finds it.</summary>
    /// <param name="import">The graph, of which nothing has been fused.</param>
    /// <param name="isOurs">Whether the names are those that we give.</param>
    /// <param name="endsInSigmoid">Whether the file says besides that its ending is a sigmoid, whatever the names are.</param>
    public static OwnEnd Of(GraphImport import, bool isOurs, bool endsInSigmoid)
    {
        var end = new OwnEnd();
        Step step = import.Output.Step;
        end.IsSigmoid = step.Layer is Sigmoid && (endsInSigmoid || (isOurs && step.Node == StepNames.Ending));
        if (!isOurs)
            return end;
        if (end.IsSigmoid || step.Kind is StepKind.Softmax or StepKind.LogSoftmax)
            step = step.Parents[0];
        bool isCooled = step is { Kind: StepKind.Affine, Node: StepNames.Cooled, Uses: 1 };
        if (isCooled && step.Divisors is [> 0 and < double.PositiveInfinity and var divisor])
        {
            end.Temperature = divisor;
            end._steps.Add(step);
        }
        else if (step is { Kind: StepKind.Affine, Operator: "Add", Uses: 1 } && step.Node == StepNames.ShiftedOf(StepNames.Targets)
            && step.Parents[0] is { Kind: StepKind.Affine, Operator: "Mul", Uses: 1 } scaled
            && scaled.Node == StepNames.ScaledOf(StepNames.Targets) && ScalingOf(step, scaled) is { } scaling)
        {
            end.Targets = scaling;
            end._steps.UnionWith([step, scaled]);
        }
        return end;
    }

    /// <summary>Whether a step is part of it, and so of no layer.</summary>
    public bool Has(Step step) => _steps.Contains(step);

    private static Normalization? ScalingOf(Step shifted, Step scaled)
    {
        int targets = shifted.Shape.Count;
        bool isScaling = targets <= AffineFusion.MostFeatures
            && Array.TrueForAll(scaled.Factors!, factor => factor > 0 && double.IsFinite(factor))
            && Array.TrueForAll(shifted.Terms!, double.IsFinite);
        return isScaling ? new(Spread(shifted.Terms!), Spread(scaled.Factors!)) : null;

        // Of all targets, of each channel, or of each target.
        ValueList<double> Spread(double[] numbers) => [.. Enumerable.Range(0, targets).Select(i => numbers[i % numbers.Length])];
    }
}
