using DeepLearn.Models.Specifications;

namespace DeepLearn.Models;

/// <summary>How a model is loaded. An immutable value.</summary>
public sealed record ModelLoading
{
    /// <summary>Whether F64 may be rounded to float, to nearest. Default false.</summary>
    public bool MayRound { get; init; }

    /// <summary>
    /// Whether the file must hold what it held when it was saved, by its SHA-256, where it has one. Default true; false lets weights in
    /// that another program changed.
    /// </summary>
    public bool ChecksSha256 { get; init; } = true;

    /// <summary>
    /// Whether a model that there is takes the weights of any network that has parameters of the same names and shapes. Default false: the
    /// file's specification, where it has one, must be the model's but for the initializers. Then the model's card stays as it is.
    /// </summary>
    public bool WeightsAlone { get; init; }

    /// <summary>The kinds of layers that have a written form. Default: the library's own.</summary>
    public SpecificationFormats Formats { get; init; } = SpecificationFormats.Library;
}
