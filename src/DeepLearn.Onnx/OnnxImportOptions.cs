using DeepLearn.Data;
using DeepLearn.Models.Specifications;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx;

/// <summary>How an ONNX file becomes a network. An immutable value; every option has a default.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>
    /// The shape of one example, channels last, for a file that leaves an extent free, such as an image's height and width. Null, the
    /// default, if the file says it.
    /// </summary>
    public Shape? InputShape { get; init; }

    /// <summary>
    /// In which order the file takes images. Null, the default, lets its operators decide: a convolution reads planar images. If none does,
    /// a file of PyTorch takes planar ones, and any other file takes a flat list of numbers.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither order.</exception>
    public PixelOrder? InputOrder
    {
        get;
        init => field = value is null || Enum.IsDefined(value.Value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(InputOrder), value, "An order is ChannelsLast or Planar.");
    }

    /// <summary>The name of the value of the graph that is the network's output; null, the default, for the only output.</summary>
    public string? Output { get; init; }

    /// <summary>
    /// Whether a sigmoid at the end is an ending, as a softmax is, so that the network gives scores for a loss that has the sigmoid in it.
    /// Default false: it is the network's last layer, but for the ending of a file of ours.
    /// </summary>
    public bool EndsBeforeSigmoid { get; init; }

    /// <summary>
    /// Whether the specification and the card that a file of ours keeps are passed over, and the network is made of the graph as for any
    /// other file. Default false.
    /// </summary>
    public bool GraphAlone { get; init; }

    /// <summary>The kinds of layers that have a written form, for the specification in a file. Default: the library's own.</summary>
    public SpecificationFormats Formats { get; init => field = value ?? throw new ArgumentNullException(nameof(Formats)); } =
        SpecificationFormats.Library;

    /// <summary>
    /// The options by which the file was exported, if its network has layers of your own: their exporters tell what became of them. Null,
    /// the default, for none.
    /// </summary>
    public OnnxExportOptions? Exporters { get; init; }

    /// <summary>Whether numbers of 64 bits may be rounded to float. Default false.</summary>
    public bool MayRound { get; init; }
}
