using DeepLearn.Data;
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
    /// Default false: it is the network's last layer.
    /// </summary>
    public bool EndsBeforeSigmoid { get; init; }

    /// <summary>Whether numbers of 64 bits may be rounded to float. Default false.</summary>
    public bool MayRound { get; init; }
}
