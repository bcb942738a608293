using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class MetricFaultTests
{
    private enum Fault
    {
        None,
        NoName,
        Scaled,
        FirstCounts,
        MergeForgets,
        ResetForgets,
        WrongAtFloat,
        WrongDirection,
        SharesScratch,
        Allocates,
        MergesAnything,
    }

    private static readonly MetricContractOptions Known = new() { ByTheBook = ShareOfHits };

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => MetricContract.Check(new Hits(Fault.None) { Names = ["a"] })),
        new Planted("it prints itself", () => MetricContract.Check(new Hits(Fault.None) { Text = "" })),
        Of("it has a name", Fault.NoName),
        Of("the value is what the book says", Fault.Scaled, Known),
        Of("neither batches nor their order change a bit", Fault.FirstCounts),
        Of("merging shares changes no bit", Fault.MergeForgets),
        Of("it begins again after Reset", Fault.ResetForgets),
        Of("float gives the value of double", Fault.WrongAtFloat),
        Of("a larger value is better where it says so", Fault.WrongDirection),
        Of("a new accumulator is empty and shares nothing", Fault.SharesScratch),
        Of("a batch allocates nothing", Fault.Allocates),
        Of("what does not fit is refused", Fault.MergesAnything),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void MetricContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void MetricContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(MetricContract.Check(new Hits(Fault.None), Known), Faults.Select(row => row.Data));

    private static Planted Of(string check, Fault fault, MetricContractOptions? options = null) =>
        new(check, () => MetricContract.Check(new Hits(fault), options));

    private static double ShareOfHits(Matrix<double> outputs, int[] labels) =>
        labels.Where((label, i) => IsHit<double>(outputs.Row(i), label)).Count() / (double)labels.Length;

    // An output as large as the label's, and the label is hit none the less.
    private static bool IsHit<T>(ReadOnlySpan<T> outputs, int label)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        foreach (T output in outputs)
        {
            if (output > outputs[label])
                return false;
        }
        return true;
    }

    private sealed record Hits(Fault Fault) : Metric
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override string Name => Fault == Fault.NoName ? " " : "hits";

        public override bool HigherIsBetter => Fault != Fault.WrongDirection;

        public override bool AppliesTo(PredictionTask task) => task.Kind == TaskKind.Multiclass;

        protected override MetricAccumulator Create(PredictionTask task) => new Accumulator(task.Classes, Fault);

        public override string ToString() => Text ?? $"Hits {{ Fault = {Fault} }}";
    }

    private sealed class Accumulator(int classes, Fault fault) : MetricAccumulator(classes)
    {
        private double _hits;
        private int? _first;

        protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
        {
            _first ??= label;
            if (fault == Fault.Allocates)
                Noise.Allocate();
            _hits += IsHit(outputs, label) ? 1 : 0;
            if (fault == Fault.WrongAtFloat && typeof(T) == typeof(float))
                _hits += 0.1;
            if (fault == Fault.SharesScratch && Noise.OthersAreHere())
                _hits += 0.1;
        }

        protected override bool TryMerge(MetricAccumulator other)
        {
            if (other is not Accumulator same)
                return fault == Fault.MergesAnything;
            _hits += fault == Fault.MergeForgets ? 0 : same._hits;
            _first = same._first ?? _first;
            return true;
        }

        protected override void ResetSums()
        {
            if (fault == Fault.ResetForgets)
                return;
            _hits = 0;
            _first = null;
        }

        protected override double ComputeValue() =>
            (_hits / Count * (fault == Fault.Scaled ? 0.5 : 1)) + (fault == Fault.FirstCounts ? 1e-6 * (_first ?? 0) : 0);
    }
}
