namespace DeepLearn.Testing;

/// <summary>What rows of numbers a loss takes as targets.</summary>
public enum LossValues
{
    /// <summary>Any numbers, as a regression has them.</summary>
    Numbers,

    /// <summary>Numbers from 0 to 1 whose sum in each row is 1.</summary>
    Probabilities,

    /// <summary>Numbers from 0 to 1, each by itself.</summary>
    Shares,
}
