using DeepLearn.Samples.BeyondTheReport.Results;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>An experiment that trains a few variants one after the other: a row and a line each.</summary>
internal abstract class Comparison : Experiment
{
    public sealed override ExperimentResult Run(Laboratory laboratory) =>
        new(Name, [.. Variants(laboratory).Select(variant => laboratory.Train(variant))]);

    /// <summary>What is trained, in the order of the table's rows.</summary>
    protected abstract IEnumerable<Variant> Variants(Laboratory laboratory);
}
