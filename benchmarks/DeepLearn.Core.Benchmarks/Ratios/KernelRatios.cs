using System.Numerics;
using DeepLearn.Benchmarks.Elementwise;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Measures the elementwise kernels and the reductions beside their peers, on one thread.</summary>
internal sealed class KernelRatios(RatioSettings settings)
{
    private const string Ours = "ours";
    private const string Theirs = "peer";

    /// <summary>Whether the settings select any row.</summary>
    public bool HasAny => Wanted(KernelCases.All<float>()).Any();

    /// <summary>Measures every selected row, and yields each as soon as it is measured.</summary>
    public IEnumerable<KernelRatio> Run()
    {
        foreach (string type in settings.Types)
        {
            foreach (KernelRatio row in type == "float" ? Run<float>() : Run<double>())
                yield return row;
        }
    }

    private IEnumerable<KernelRatio> Run<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var wanted = Wanted(KernelCases.All<T>()).ToList();
        WarmUp([.. wanted.Select(row => row.Case).Distinct()]);
        foreach (var group in wanted.GroupBy(row => (row.Rows, row.Columns)))
        {
            var operands = new KernelOperands<T>(group.Key.Rows, group.Key.Columns);
            foreach ((KernelCase<T> kernel, _, _) in group)
                yield return Measure(kernel, operands);
        }
    }

    private IEnumerable<(KernelCase<T> Case, int Rows, int Columns)> Wanted<T>(IEnumerable<KernelCase<T>> cases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        from kernel in cases
        from shape in kernel.Shapes
        where settings.Wants(filter => kernel.Matches(filter, shape.Rows, shape.Columns))
        select (kernel, shape.Rows, shape.Columns);

    private static void WarmUp<T>(IReadOnlyList<KernelCase<T>> cases)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelOperands<T>[] all = [.. KernelCases.Shapes.Take(3).Select(shape => new KernelOperands<T>(shape.Rows, shape.Columns))];
        JitWarmUp.Settle(() =>
        {
            foreach (KernelCase<T> kernel in cases)
            {
                foreach (KernelOperands<T> operands in all)
                {
                    kernel.Ours(operands);
                    kernel.Theirs(operands);
                }
            }
        });
    }

    private KernelRatio Measure<T>(KernelCase<T> kernel, KernelOperands<T> operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireEqual(kernel, operands);
        Candidate[] candidates = [new(Ours, () => kernel.Ours(operands)), new(Theirs, () => kernel.Theirs(operands))];
        var measurement = InterleavedMeasurement.Run(candidates, FmaPeak.Of<T>(), InterleavingSettings.For(settings.Rounds, threads: 1));
        double[] ratios = measurement.Ratios(Ours, Theirs);
        Quartiles ratio = Statistics.QuartilesOf(ratios);
        double gigabytes = kernel.Elements * operands.Count * (typeof(T) == typeof(float) ? sizeof(float) : sizeof(double)) / 1e9;
        return new(
            kernel.Kernel,
            typeof(T) == typeof(float) ? "float" : "double",
            operands.Count,
            $"{operands.Rows}x{operands.Columns}",
            kernel.Peer,
            gigabytes / Statistics.Median(measurement.Seconds(Ours).ToArray()),
            gigabytes / Statistics.Median(measurement.Seconds(Theirs).ToArray()),
            ratio.Median)
        {
            RatioLower = ratio.Lower,
            RatioUpper = ratio.Upper,
            Rounds = ratios.Length,
            AllocatedBytes = Allocation.PerCall(candidates[0].Run),
        };
    }

    /// <summary>Throws if a peer that should compute the same has another result, since its measurement would be worthless.</summary>
    private static void RequireEqual<T>(KernelCase<T> kernel, KernelOperands<T> operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (double.IsNaN(kernel.Tolerance))
            return;
        Span<T> own = operands.Own.AsSpan(), peer = operands.Peer.AsSpan();
        own.Clear();
        peer.Clear();
        operands.Positions.AsSpan().Clear();
        operands.PeerPositions.AsSpan().Clear();
        kernel.Ours(operands);
        kernel.Theirs(operands);
        for (int i = 0; i < own.Length; i++)
        {
            double expected = double.CreateChecked(own[i]), found = double.CreateChecked(peer[i]);
            if (!(Math.Abs(expected - found) <= kernel.Tolerance * Math.Max(1, Math.Abs(expected))))
                throw new InvalidOperationException($"{kernel.Kernel} by {kernel.Peer}: element {i} is {found}; ours is {expected}.");
        }
        int row = operands.Positions.AsSpan().CommonPrefixLength(operands.PeerPositions);
        if (row < operands.Rows)
        {
            throw new InvalidOperationException(
                $"{kernel.Kernel} by {kernel.Peer}: row {row} has {operands.PeerPositions[row]}; ours is {operands.Positions[row]}.");
        }
    }
}
