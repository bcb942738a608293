using System.Numerics;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>
/// Every kernel of <c>ratios elementwise</c> and its peer: the corresponding method of TensorPrimitives, or memory speed. For instance
/// <c>--filter '*KernelBenchmarks&lt;Single&gt;*(Row: adam 2000x4000)*'</c>. The column Ratio compares times: below 1 we are faster.
/// </summary>
/// <typeparam name="T">The precision.</typeparam>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
public class KernelBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private KernelOperands<T> _operands = null!;
    private Action<KernelOperands<T>> _ours = null!;
    private Action<KernelOperands<T>> _theirs = null!;

    /// <summary>The kernel and the shape.</summary>
    [ParamsSource(nameof(Cases))]
    public KernelRow Row { get; set; } = null!;

    /// <summary>All kernels, each with its shapes.</summary>
    public IEnumerable<KernelRow> Cases =>
        from kernel in KernelCases.All<T>()
        from shape in kernel.Shapes
        select new KernelRow(kernel.Kernel, shape.Rows, shape.Columns, kernel.Elements);

    /// <summary>Makes the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        KernelCase<T> kernel = KernelCases.All<T>().Single(kernel => kernel.Kernel == Row.Kernel);
        (_ours, _theirs) = (kernel.Ours, kernel.Theirs);
        _operands = new(Row.Rows, Row.Columns);
    }

    /// <summary>Our kernel.</summary>
    [Benchmark]
    public void Ours() => _ours(_operands);

    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public void Peer() => _theirs(_operands);
}
