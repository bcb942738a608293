namespace DeepLearn.Training;

/// <summary>What a callback says: go on or stop.</summary>
public enum TrainingDecision
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Stop after this step.</summary>
    Stop,
}
