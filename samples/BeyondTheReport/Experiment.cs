using DeepLearn.Samples.BeyondTheReport.Results;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>A question about training, answered by training: one section of the report, with its table and its figure.</summary>
internal abstract class Experiment
{
    /// <summary>What the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The heading of its section.</summary>
    public abstract string Title { get; }

    /// <summary>What is compared with what, in a sentence or two.</summary>
    public abstract string Question { get; }

    /// <summary>About how long it takes on two idle cores: an estimate.</summary>
    public abstract double Minutes { get; }

    /// <summary>Whether it takes so long that it is made only when it is named.</summary>
    public virtual bool OnlyByName => false;

    /// <summary>The test accuracy that its best run is to reach; null where nothing is to be reached.</summary>
    public virtual double? Aim => null;

    /// <summary>Whether the table tells how far the networks' confidence can be trusted.</summary>
    public virtual bool ShowsCalibration => false;

    /// <summary>How many of the 50,000 training images are kept apart to validate on: many where runs are compared by them.</summary>
    public virtual int ValidationImages => 5000;

    /// <summary>Does the work.</summary>
    public abstract ExperimentResult Run(Laboratory laboratory);
}
