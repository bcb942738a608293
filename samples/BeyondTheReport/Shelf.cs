using DeepLearn.Samples.BeyondTheReport.Experiments;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>All experiments, in the order in which they are made and reported. A new one joins by its line here.</summary>
internal static class Shelf
{
    public static IReadOnlyList<Experiment> Experiments { get; } =
    [
        new WiderLayers(),
        new DropoutRates(),
        new FlipsAndShifts(),
        new SmoothedLabels(),
        new RateRangeTest(),
        new AnnealedMaximum(),
        new LongerCycles(),
        new CycleEnds(),
        new AdamAgainstSgd(),
        new HingeAgainstCrossEntropy(),
        new DeeperWithBatchNorm(),
        new FullyConnected(),
        new PatchNetworks(),
        new SmallResidualNetwork(),
        new ConvolutionAlgorithms(),
        new NinetyFour(),
        new NinetyFourAlgorithms(),
    ];

    /// <summary>Their names, for messages.</summary>
    public static string Names => string.Join(", ", Experiments.Select(experiment => experiment.Name));

    public static Experiment? Find(string name) => Experiments.FirstOrDefault(experiment => experiment.Name == name);
}
