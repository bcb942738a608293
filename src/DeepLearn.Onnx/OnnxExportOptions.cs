using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models.Specifications;

namespace DeepLearn.Onnx;

/// <summary>How a network becomes an ONNX file. An immutable value; every option has a default.</summary>
/// <example><code>
/// var options = new OnnxExportOptions { Order = PixelOrder.Planar, InputName = "pixels" };
/// model.SaveOnnx("digits.onnx", options);
/// </code></example>
public sealed record OnnxExportOptions
{
    /// <summary>The lowest operator set that can be written.</summary>
    public const int LeastOperatorSet = 17;

    /// <summary>The latest operator set that can be written.</summary>
    public const int LatestOperatorSet = 21;

    /// <summary>
    /// The version of ONNX's operators that the file uses, 17 to 21. Default 17, which current runtimes support; from 20 on, a GELU is one
    /// node.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 17 to 21.</exception>
    public int OperatorSet
    {
        get;
        init => field = value is >= LeastOperatorSet and <= LatestOperatorSet
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(OperatorSet), value, $"An operator set is {LeastOperatorSet} to {LatestOperatorSet}.");
    } = LeastOperatorSet;

    /// <summary>
    /// The order of images in the file, for inputs and for outputs that are images: <see cref="PixelOrder.ChannelsLast"/>, the default, as
    /// the model itself does, <c>[batch, height, width, channels]</c>; or <see cref="PixelOrder.Planar"/>, as is usual with ONNX,
    /// <c>[batch, channels, height, width]</c>, which saves a transposition. Without meaning for examples that are no images.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither.</exception>
    public PixelOrder Order
    {
        get;
        init => field = Enum.IsDefined(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Order), value, "An order is ChannelsLast or Planar.");
    } = PixelOrder.ChannelsLast;

    /// <summary>
    /// Whether the file is the network alone: it takes examples that are normalized already, and gives the network's own outputs, without
    /// temperature, scaling of targets and ending. Default false: the file answers what a <c>Predictor</c> of the model answers.
    /// </summary>
    public bool NetworkAlone { get; init; }

    /// <summary>
    /// The normalization of inputs, with an element for each feature in the model's own order. Null, the default, for that of the model's
    /// card; one of your own is for a model whose card has none. It becomes nodes at the file's beginning, in 32 bits.
    /// </summary>
    public Normalization? Normalization { get; init; }

    /// <summary>
    /// The function that the file applies to the network's outputs. Null, the default, for that of the task on the model's card: a softmax
    /// for one of several classes, a sigmoid for two classes by one output and for labels, none for numbers and where the card has no task.
    /// <see cref="OnnxEnding.None"/> for scores, which are divided by the card's temperature all the same.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No ending.</exception>
    public OnnxEnding? Ending
    {
        get;
        init => field = value is null || Enum.IsDefined(value.Value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Ending), value, "An ending is None, Softmax, LogSoftmax or Sigmoid.");
    }

    /// <summary>
    /// Whether the numbers of a model of <see cref="double"/> may be rounded to the 32 bits that the file has. Default false. Without
    /// meaning for a model of <see cref="float"/>.
    /// </summary>
    public bool MayRound { get; init; }

    /// <summary>The name of the graph. Default <c>network</c>.</summary>
    public string GraphName { get; init => field = Name(value, nameof(GraphName)); } = "network";

    /// <summary>The name of the input. Default <c>input</c>.</summary>
    public string InputName { get; init => field = Name(value, nameof(InputName)); } = "input";

    /// <summary>The name of the output. Default <c>output</c>.</summary>
    public string OutputName { get; init => field = Name(value, nameof(OutputName)); } = "output";

    /// <summary>A description of the network for readers; empty, the default, for none.</summary>
    public string Description { get; init => field = value ?? throw new ArgumentNullException(nameof(Description)); } = "";

    /// <summary>
    /// Texts of your own by key, which go into the file's metadata; no key begins with <c>deeplearn.</c>. Default none.
    /// </summary>
    /// <exception cref="ArgumentException">A key is empty or begins with <c>deeplearn.</c></exception>
    public IReadOnlyDictionary<string, string> Texts
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value.Keys.FirstOrDefault(IsTaken) is { } key
                ? throw new ArgumentException($"Keys are not empty and do not begin with {OwnTexts.Prefix}; found '{key}'.", nameof(Texts))
                : value;
        }
    } = new Dictionary<string, string>();

    /// <summary>
    /// Whether the file keeps the network's specification and the model's card as texts, so that <see cref="OnnxModel"/> reads the same
    /// network again, with its class names, task and training. Other programs pass over them. Default true. A network with a layer that has
    /// no written form is kept without the specification.
    /// </summary>
    public bool KeepsSpecification { get; init; } = true;

    /// <summary>The kinds of layers that have a written form, for the specification. Default: the library's own.</summary>
    public SpecificationFormats Formats { get; init => field = value ?? throw new ArgumentNullException(nameof(Formats)); } =
        SpecificationFormats.Library;

    /// <summary>How layers that are not the library's are exported, by their type.</summary>
    internal IReadOnlyDictionary<Type, Func<OnnxLayerGraph, string>> Exporters { get; private init; } =
        new Dictionary<Type, Func<OnnxLayerGraph, string>>();

    /// <summary>The options with an exporter for a layer of your own, or another one for one of the library's.</summary>
    /// <typeparam name="TLayer">The type of the layer.</typeparam>
    /// <param name="exporter">Adds the layer's nodes to the graph and returns the name of what the last of them writes.</param>
    /// <example><code>
    /// // Scale is a layer of your own: record Scale(double Factor) : Layer.
    /// var options = new OnnxExportOptions().WithExporter&lt;Scale&gt;(
    ///     (layer, graph) => graph.Add("Mul", [graph.Input, graph.Constant("factor", [], (float)layer.Factor)]));
    /// new Sequential(new Scale(0.5), new Dense(3)).Build&lt;float&gt;(inputShape: 4, seed: 1).SaveOnnx("scaled.onnx", options);
    /// </code></example>
    public OnnxExportOptions WithExporter<TLayer>(Func<TLayer, OnnxLayerGraph, string> exporter)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(exporter);
        return this with
        {
            Exporters = new Dictionary<Type, Func<OnnxLayerGraph, string>>(Exporters)
            {
                [typeof(TLayer)] = graph => exporter((TLayer)graph.Layer, graph),
            },
        };
    }

    private static bool IsTaken(string key) => key.Length == 0 || key.StartsWith(OwnTexts.Prefix, StringComparison.Ordinal);

    private static string Name(string value, string what) =>
        string.IsNullOrEmpty(value) ? throw new ArgumentException($"A name has at least one letter; {what} has none.", what) : value;
}
