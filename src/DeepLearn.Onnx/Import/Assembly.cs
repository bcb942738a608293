using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// Assembles layers from steps, from the output back to the input. Where branches meet, in a sum or an ensemble, they began at one step:
/// their nearest common dominator. Between the two there is a residual layer, an ensemble or, if everything in between works on each
/// element alone, an activation.
/// </summary>
internal sealed class Assembly
{
    /// <summary>The largest depth of residual layers within one another.</summary>
    private const int Deepest = 50;

    /// <summary>The largest number of nodes of an activation.</summary>
    private const int LongestFunction = 24;

    private readonly Dictionary<Step, Step> _dominators = [];
    private readonly HashSet<Step> _used = [];
    private readonly List<string> _notes;

    /// <summary>An assembly.</summary>
    /// <param name="steps">The steps, in an order in which they can be computed, those that were fused into others as well.</param>
    /// <param name="notes">Gets what a user should know.</param>
    public Assembly(IReadOnlyList<Step> steps, List<string> notes)
    {
        _notes = notes;
        foreach (Step step in steps)
        {
            if (step.Fused is not null || step.Parents.Length == 0)
                continue;
            Step dominator = step.Parents[0].Resolved;
            foreach (Step parent in step.Parents)
                dominator = Common(dominator, parent.Resolved);
            _dominators.Add(step, dominator);
        }
    }

    /// <summary>The layers between two steps.</summary>
    /// <param name="from">The step before the first layer.</param>
    /// <param name="to">The step after the last.</param>
    /// <param name="depth">How many residuals they are within.</param>
    public List<Piece> Between(Step from, Step to, int depth = 0)
    {
        var pieces = new List<Piece>();
        for (to = to.Resolved; to != from;)
        {
            if (to.Kind == StepKind.Input)
                throw Refuse(to, "two ways from the input meet in a way that is neither a residual nor an ensemble");
            Step before = _dominators[to];
            if (to is { Kind: StepKind.Layer, Layer: not null })
            {
                Use(to);
                AddBefore(pieces, new(to.Layer, to.Parameters, to.Buffers, to.IsGlobal));
            }
            else if (to.Kind == StepKind.Ensemble || (to.Kind == StepKind.MeanProbabilities && depth == 0 && pieces.Count == 0))
            {
                Use(to);
                AddBefore(pieces, EnsembleOf(before, to, depth));
            }
            else if (TryActivation(from, to) is (Layer activation, Step start, HashSet<Step> steps))
            {
                foreach (Step step in steps)
                    Use(step);
                before = start;
                AddBefore(pieces, new(activation, [], []));
            }
            else if (to.Kind == StepKind.Affine && ScaleAndShift.TryFrom(to) is { } last)
                AddBefore(pieces, ScaledAndShifted(from, to, last, out before));
            else if (to is { Kind: StepKind.Pair, Operator: "Add" })
            {
                Use(to);
                AddBefore(pieces, ResidualOf(before, to, depth));
            }
            else
                throw Unknown(to);
            to = before;
        }
        pieces.Reverse();
        return pieces;
    }

    /// <summary>
    /// What scales and shifts by itself, behind an activation or a pooling, is how exporters write a batch normalization: all such steps up
    /// to one become one.
    /// </summary>
    private Piece ScaledAndShifted(Step from, Step to, ScaleAndShift all, out Step before)
    {
        Use(to);
        for (before = _dominators[to]; before != from && before is { Kind: StepKind.Affine, Uses: 1 }; before = _dominators[before])
        {
            if (TryActivation(from, before) is not null || ScaleAndShift.TryFrom(before) is not { } one)
                break;
            Use(before);
            all = all.After(one);
        }
        _notes.Add(
            $"Node {to} scales and shifts each channel by itself, as a batch normalization does in prediction, and became one. The file "
            + "does not have the variance that it was trained with: a step of training divides by that of its batch, and so begins from "
            + "other scores.");
        return all.ToPiece();
    }

    private static void AddBefore(List<Piece> pieces, Piece piece)
    {
        // From the back: an average over the whole image whose one pixel becomes a vector is one layer.
        if (piece.IsGlobal && pieces is [.., { Layer: Flatten }])
            pieces[^1] = new(new GlobalAveragePool(), [], []);
        else
            pieces.Add(piece);
    }

    private static Exception Unknown(Step step) => step.Kind switch
    {
        StepKind.Affine => Refuse(
            step, "numbers that stand fixed are understood for each channel; the library has no layer that scales and shifts each feature "
            + "of an image by itself"),
        StepKind.Pair => Refuse(
            step, $"a {step.Operator} of two values that depend on the examples has no counterpart among the library's layers"),
        StepKind.Softmax or StepKind.LogSoftmax or StepKind.TwoClasses => Refuse(step, "a softmax is understood at the end of the graph"),
        StepKind.MeanProbabilities => Refuse(step, "a mean of probabilities is understood at the end of the graph, or under a logarithm"),
        _ => Refuse(step, "no layer of the library computes this function, nor with the nodes before it"),
    };

    private static OnnxUnsupportedException Refuse(Step step, string message) => new(step.Node, step.Operator, message + ".");

    private Piece EnsembleOf(Step from, Step to, int depth)
    {
        var members = new List<Layer>();
        var parameters = new List<double[]>();
        var buffers = new List<double[]>();
        foreach (Step scores in to.Parents)
        {
            Piece member = InOne(Within(from, scores, to, depth));
            members.Add(member.Layer);
            parameters.AddRange(member.Parameters);
            buffers.AddRange(member.Buffers);
        }
        return new(new Ensemble(EnsembleCombination.Average, [.. members]), parameters, buffers);
    }

    private Piece ResidualOf(Step from, Step to, int depth)
    {
        List<Piece> first = Within(from, to.Parents[0], to, depth), second = Within(from, to.Parents[1], to, depth);
        // The branch is the first operand of the sum, as our export and most others write it; a path without a layer is no branch.
        (List<Piece> branch, List<Piece> projection) = first.Count > 0 ? (first, second) : (second, first);
        Piece main = InOne(branch);
        if (projection.Count == 0)
            return main with { Layer = new Residual(main.Layer), IsGlobal = false };
        Piece other = InOne(projection);
        return new(
            new Residual(main.Layer, other.Layer), [.. main.Parameters, .. other.Parameters], [.. main.Buffers, .. other.Buffers]);
    }

    private List<Piece> Within(Step from, Step to, Step within, int depth) => depth < Deepest
        ? Between(from, to, depth + 1)
        : throw Refuse(within, $"expected residuals within residuals no deeper than {Deepest}");

    /// <summary>Several layers as one; without any, a layer that does nothing.</summary>
    private static Piece InOne(List<Piece> pieces) => pieces.Count switch
    {
        0 => new(new Dropout(0), [], []),
        1 => pieces[0],
        _ => new(
            new Sequential([.. pieces.Select(piece => piece.Layer)]),
            [.. pieces.SelectMany(piece => piece.Parameters)],
            [.. pieces.SelectMany(piece => piece.Buffers)]),
    };

    /// <summary>
    /// The activation that ends in a step, and the step before the activation: the shortest path back on which every step works on each
    /// element alone and whose function is a layer's.
    /// </summary>
    private (Layer Layer, Step Start, HashSet<Step> Steps)? TryActivation(Step from, Step to)
    {
        if (!to.IsElementwise)
            return null;
        for (Step start = to; start != from && _dominators.TryGetValue(start, out Step? before);)
        {
            start = before;
            if (StepsBetween(start, to) is not { } steps)
                return null;
            if (ElementFunctions.TryRecognize(x => Compute(to, start, x, [])) is { } layer)
                return (layer, start, steps);
        }
        return null;
    }

    private static HashSet<Step>? StepsBetween(Step start, Step to)
    {
        var steps = new HashSet<Step>();
        var open = new Stack<Step>([to]);
        while (open.TryPop(out Step? step))
        {
            if (step == start || !steps.Add(step))
                continue;
            if (!step.IsElementwise || steps.Count > LongestFunction)
                return null;
            foreach (Step parent in step.Parents)
                open.Push(parent.Resolved);
        }
        return steps;
    }

    private static double Compute(Step step, Step start, double x, Dictionary<Step, double> known)
    {
        if (step == start)
            return x;
        if (known.TryGetValue(step, out double value))
            return value;
        double first = Compute(step.Parents[0].Resolved, start, x, known);
        value = step.Function is not null
            ? step.Function(first)
            : step.Function2!(first, Compute(step.Parents[1].Resolved, start, x, known));
        known.Add(step, value);
        return value;
    }

    private void Use(Step step)
    {
        if (!_used.Add(step))
            throw Refuse(step, "it is used by two ways that do not meet in one residual or ensemble: it would have to be there twice");
    }

    private Step Common(Step one, Step other)
    {
        while (one != other)
        {
            if (one.Position > other.Position)
                one = _dominators[one];
            else
                other = _dominators[other];
        }
        return one;
    }
}
