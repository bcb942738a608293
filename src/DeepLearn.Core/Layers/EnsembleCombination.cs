namespace DeepLearn.Layers;

/// <summary>How an <see cref="Ensemble"/> makes one output of its members'.</summary>
public enum EnsembleCombination
{
    /// <summary>The logarithm of the mean of the members' softmax probabilities.</summary>
    Average,

    /// <summary>
    /// The logarithm of the share of votes that a class has. Each member votes for the class of its largest output. One more vote is
    /// divided by the mean probabilities, to break ties. It has no gradient.
    /// </summary>
    MajorityVote,
}
