namespace DeepLearn.Layers;

/// <summary>What a pass through a network is for. Layers such as dropout and batch normalization behave differently.</summary>
public enum RunMode
{
    /// <summary>Forward alone, with what was learned: nothing random, moving averages used.</summary>
    Inference,

    /// <summary>Forward and then backward: dropout drops, batch normalization uses and remembers the batch.</summary>
    Training,
}
