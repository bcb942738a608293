namespace DeepLearn.Layers;

/// <summary>How an <see cref="Ensemble"/> makes one output of its members'.</summary>
public enum EnsembleCombination
{
    /// <summary>The logarithm of the mean of the members' softmax probabilities.</summary>
    Average,

    /// <summary>
    /// The logarithm of the fraction of members whose largest output a class is; the mean probability counts as one more member, whose vote
    /// is divided, and so breaks ties. It has no gradient.
    /// </summary>
    MajorityVote,
}
