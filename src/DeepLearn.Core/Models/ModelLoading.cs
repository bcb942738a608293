using DeepLearn.Foundation;
using DeepLearn.Models.Specifications;

namespace DeepLearn.Models;

/// <summary>How a model is loaded. An immutable value.</summary>
public sealed record ModelLoading
{
    /// <summary>Whether F64 may be rounded to float, to nearest. Default false.</summary>
    public bool MayRound { get; init; }

    /// <summary>
    /// Whether the weights must match the SHA-256 in the file, if it has one. Default true; false accepts weights that another program
    /// changed.
    /// </summary>
    public bool ChecksSha256 { get; init; } = true;

    /// <summary>
    /// Whether an existing model accepts the weights of any network whose parameters have the same names and shapes; the model then keeps
    /// its own card. Default false: the file's specification, if it has one, must be the model's, initializers aside.
    /// </summary>
    public bool WeightsAlone { get; init; }

    /// <summary>The kinds of layers that have a written form. Default: the library's own.</summary>
    public SpecificationFormats Formats { get; init => field = PropertyGuard.NotNull(value); } = SpecificationFormats.Library;
}
