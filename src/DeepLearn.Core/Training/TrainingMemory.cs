namespace DeepLearn.Training;

/// <summary>What a run of training holds in memory, in bytes.</summary>
/// <param name="Data">The data sets with all that they are views on, each once; shared with other runs on the same data.</param>
/// <param name="Parameters">The parameters and buffers of the model, and the gradients that have a buffer of their own.</param>
/// <param name="OptimizerState">What the optimizer remembers from step to step.</param>
/// <param name="Buffers">
/// The working memory of the step and of evaluation; the batches, with those made ahead, the order of the examples and the normalization.
/// </param>
public sealed record TrainingMemory(long Data, long Parameters, long OptimizerState, long Buffers)
{
    /// <summary>All of it.</summary>
    public long Total => Data + Parameters + OptimizerState + Buffers;
}
