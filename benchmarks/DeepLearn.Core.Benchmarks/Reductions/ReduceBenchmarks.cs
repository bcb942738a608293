using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Reductions;

/// <summary>Reductions of spans beside those of TensorPrimitives.</summary>
/// <typeparam name="T">The precision.</typeparam>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
public class ReduceBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T> _x = null!;
    private Matrix<T> _y = null!;

    /// <summary>The number of elements: within the first cache, the second, and in memory.</summary>
    [Params(1_000, 51_200, 4_000_000)]
    public int Length { get; set; }

    /// <summary>Fills the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        RandomStream random = RandomKey.FromSeed(1).Open();
        _x = new(1, Length);
        _y = new(1, Length);
        for (int i = 0; i < Length; i++)
        {
            _x.AsSpan()[i] = T.CreateChecked((8 * random.NextUniform()) - 4);
            _y.AsSpan()[i] = T.CreateChecked(random.NextUniform() + 0.1);
        }
    }

    /// <summary>The sum.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Length))]
    public T Sum() => Reduce.Sum<T>(_x.AsSpan());

    /// <summary>The sum of TensorPrimitives, whose bits depend on the width.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Length))]
    public T SumOfTensorPrimitives() => TensorPrimitives.Sum<T>(_x.AsSpan());

    /// <summary>The dot product.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public T Dot() => Reduce.Dot<T>(_x.AsSpan(), _y.AsSpan());

    /// <summary>The dot product of TensorPrimitives, whose bits depend on the width.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public T DotOfTensorPrimitives() => TensorPrimitives.Dot<T>(_x.AsSpan(), _y.AsSpan());

    /// <summary>The maximum.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Length))]
    public T Max() => Reduce.Max<T>(_x.AsSpan());

    /// <summary>The maximum of TensorPrimitives.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Length))]
    public T MaxOfTensorPrimitives() => TensorPrimitives.Max<T>(_x.AsSpan());

    /// <summary>The position of the maximum.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Length))]
    public int ArgMax() => Reduce.ArgMax<T>(_x.AsSpan());

    /// <summary>The position of the maximum of TensorPrimitives.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Length))]
    public int ArgMaxOfTensorPrimitives() => TensorPrimitives.IndexOfMax<T>(_x.AsSpan());

    /// <summary>Mean and variance, two passes.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public T MeanAndVariance() => Reduce.MeanAndVariance<T>(_x.AsSpan()).Variance;
}
