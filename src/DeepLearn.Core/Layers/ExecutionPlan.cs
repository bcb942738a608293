using System.Globalization;
using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Layers;

/// <summary>
/// How a <see cref="Sequential"/> runs its layers: which layer writes over its input, which ReLU is fused, which layers are passed through,
/// and where the backward pass ends. It is made once, from what the layers declare. An immutable value.
/// </summary>
/// <remarks>
/// In training every activation between two layers has a buffer of its own, unless it is written in place. In inference two buffers take
/// turns. The gradients of activations always take turns in two. <see cref="ToString"/> prints it as a table.
/// </remarks>
/// <example><code>Console.WriteLine(model.PlanFor(RunMode.Training));</code></example>
public sealed record ExecutionPlan
{
    /// <summary>What the passes are for.</summary>
    public required RunMode Mode { get; init => field = PropertyGuard.Member(value); }

    /// <summary>All layers in order, those at the front that are passed through included.</summary>
    public required ValueList<PlannedLayer> Layers { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The position of the first layer that is run; those before it are passed through.</summary>
    public required int First { get; init; }

    /// <summary>
    /// The position of the first layer that has parameters: the backward pass ends there, unless the gradient of the input is wanted. -1
    /// where no layer has parameters.
    /// </summary>
    public required int FirstWithParameters { get; init; }

    /// <summary>The buffers of activations: how many numbers of an example each holds.</summary>
    public required ValueList<int> ActivationBuffers { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The buffers of gradients of activations: how many numbers of an example each holds.</summary>
    public required ValueList<int> GradientBuffers { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>Makes the plan of some layers.</summary>
    /// <param name="layers">What is known of each layer, in order; at least one.</param>
    /// <param name="mode">What the passes are for.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public static ExecutionPlan Of(ReadOnlySpan<LayerDeclaration> layers, RunMode mode)
    {
        if (layers.IsEmpty)
            throw new ArgumentException("A plan has at least one layer; found none.", nameof(layers));
        foreach (LayerDeclaration layer in layers)
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
        int first = 0;
        while (first < layers.Length - 1 && layers[first].Traits.IsPassThrough)
            first++;
        var planned = new PlannedLayer[layers.Length];
        for (int i = 0; i < planned.Length; i++)
        {
            bool isFused = i > first && !planned[i - 1].IsFused && layers[i - 1].FusesRelu && layers[i].Traits.IsRelu
                && MayOverwrite(layers, i, RunMode.Training);
            planned[i] = new()
            {
                Name = layers[i].Name,
                IsPassedThrough = i < first,
                WritesInPlace = i > first && MayOverwrite(layers, i, mode),
                IsFused = isFused,
                IsFusedBackward = isFused && mode == RunMode.Training && layers[i - 1].FusesReluBackward,
                FollowsInput = i > first && mode == RunMode.Training && !isFused && !planned[i - 1].IsFused
                    && layers[i - 1].ReportsOutput && layers[i].FollowsInput,
            };
        }
        return new()
        {
            Mode = mode,
            First = first,
            FirstWithParameters = IndexOfParameters(layers),
            ActivationBuffers = PlaceOutputs(layers, planned, first, mode),
            GradientBuffers = mode == RunMode.Training ? PlaceGradients(layers, planned, first) : [],
            Layers = ValueList.Create<PlannedLayer>(planned),
        };
    }

    /// <summary>A table, one row a layer: where its output goes, where the gradient of its input goes, and what is fused.</summary>
    public override string ToString()
    {
        var rows = new List<string[]> { new[] { "layer", "output", "gradient of input" } };
        for (int i = 0; i < Layers.Count; i++)
            rows.Add([Layers[i].Name, OutputOf(i), GradientOf(i)]);
        int[] widths = [.. Enumerable.Range(0, 2).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture, $"{Mode}: activations {Describe(ActivationBuffers)}, gradients {Describe(GradientBuffers)}");
        foreach (string[] row in rows)
            text.Append('\n').Append($"{row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2]}".TrimEnd());
        return text.ToString();
    }

    private static bool MayOverwrite(ReadOnlySpan<LayerDeclaration> layers, int layer, RunMode mode) =>
        layers[layer].Traits.WorksInPlace
        && (mode == RunMode.Inference
            || ((layers[layer].Traits.BackwardNeeds & BackwardNeeds.Input) == 0
                && (layers[layer - 1].Traits.BackwardNeeds & BackwardNeeds.Output) == 0));

    private static int IndexOfParameters(ReadOnlySpan<LayerDeclaration> layers)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            if (layers[i].HasParameters)
                return i;
        }
        return -1;
    }

    /// <summary>
    /// From the end: a layer that the next one overwrites shares the next one's buffer; the last writes the caller's output.
    /// </summary>
    private static ValueList<int> PlaceOutputs(ReadOnlySpan<LayerDeclaration> layers, PlannedLayer[] planned, int first, RunMode mode)
    {
        var widths = new List<int>();
        for (int i = layers.Length - 2; i >= first; i--)
        {
            int next = planned[i + 1].OutputBuffer, width = layers[i].Outputs, buffer;
            if (planned[i + 1].WritesInPlace)
            {
                buffer = next;
            }
            else if (mode == RunMode.Inference && widths.Count == 2)
            {
                buffer = 1 - Math.Max(0, next);
                widths[buffer] = Math.Max(widths[buffer], width);
            }
            else
            {
                buffer = widths.Count;
                widths.Add(width);
            }
            planned[i] = planned[i] with { OutputBuffer = buffer };
        }
        return [.. widths];
    }

    private static ValueList<int> PlaceGradients(ReadOnlySpan<LayerDeclaration> layers, PlannedLayer[] planned, int first)
    {
        int turn = 0;
        int[] widths = [0, 0];
        for (int i = layers.Length - 1; i > first; i--)
        {
            if (planned[i].WritesInPlace)
                continue;
            planned[i] = planned[i] with { InputGradientBuffer = turn };
            widths[turn] = Math.Max(widths[turn], layers[i - 1].Outputs);
            turn ^= 1;
        }
        return [.. widths];
    }

    private static string Describe(ValueList<int> buffers) =>
        buffers.All(width => width == 0)
            ? "none"
            : string.Join(" + ", buffers.Where(width => width > 0).Select(width => width.ToString(CultureInfo.InvariantCulture)));

    private string OutputOf(int layer)
    {
        PlannedLayer planned = Layers[layer];
        if (planned.IsPassedThrough)
            return "passed through";
        string place = planned.OutputBuffer < 0 ? "the caller's output" : $"activation buffer {planned.OutputBuffer}";
        string how = planned.WritesInPlace ? ", over its input" : "";
        string before = planned.IsFused ? $", fused into {Layers[layer - 1].Name}"
            : planned.FollowsInput ? $", statistics fused into {Layers[layer - 1].Name}" : "";
        return place + how + before;
    }

    private string GradientOf(int layer)
    {
        if (Mode == RunMode.Inference || Layers[layer].IsPassedThrough)
            return "";
        string place = layer == First ? "the caller's"
            : Layers[layer].IsFusedBackward ? $"fused into {Layers[layer - 1].Name}"
            : Layers[layer].WritesInPlace ? "over that of its output" : $"gradient buffer {Layers[layer].InputGradientBuffer}";
        if (FirstWithParameters < 0 || layer < FirstWithParameters)
            return $"if wanted: {place}";
        return layer == FirstWithParameters ? $"the backward pass ends here; if wanted: {place}" : place;
    }
}
