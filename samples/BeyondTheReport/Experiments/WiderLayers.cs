namespace DeepLearn.Samples.BeyondTheReport.Experiments;

/// <summary>More hidden units in the one hidden layer.</summary>
internal sealed class WiderLayers : Comparison
{
    public override string Name => "wider";

    public override string Title => "Wider hidden layers";

    public override string Question => "The report's network and training with more hidden units, nothing else changed.";

    public override double Minutes => 1;

    protected override IEnumerable<Variant> Variants(Laboratory laboratory) =>
        from units in ((int[])[50, 100, 200, 400, 800]).Select(laboratory.Width)
        select new Variant($"{units} units", Baseline.Network(units), Baseline.Plan(laboratory));
}
