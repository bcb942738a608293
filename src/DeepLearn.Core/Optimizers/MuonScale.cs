namespace DeepLearn.Optimizers;

/// <summary>
/// What the orthogonalized step of <see cref="Muon"/> is multiplied by, besides the rate, for a matrix of so many inputs and outputs.
/// </summary>
public enum MuonScale
{
    /// <summary><c>sqrt(max(1, outputs / inputs))</c> (Jordan, 2024), so that the outputs of layers of any shape change alike.</summary>
    Outputs,

    /// <summary>
    /// <c>0.2 sqrt(max(inputs, outputs))</c> (Liu et al., "Muon is Scalable for LLM Training", 2025), so that the elements of a step are as
    /// large as Adam's, and rates and decays that were found for it can be kept.
    /// </summary>
    LikeAdam,

    /// <summary>1.</summary>
    None,
}
