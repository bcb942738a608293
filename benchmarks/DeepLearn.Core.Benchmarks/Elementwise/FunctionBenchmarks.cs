using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>The transcendental functions beside those of TensorPrimitives.</summary>
/// <typeparam name="T">The precision.</typeparam>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
public class FunctionBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T> _x = null!;
    private Matrix<T> _y = null!;
    private Matrix<T> _z = null!;

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
        _z = new(1, Length);
        for (int i = 0; i < Length; i++)
        {
            _x.AsSpan()[i] = T.CreateChecked((8 * random.NextUniform()) - 4);
            _y.AsSpan()[i] = T.CreateChecked(random.NextUniform() + 0.1);
        }
    }

    /// <summary>Exp.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Exp() => VectorMath.Exp<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>Exp of TensorPrimitives, whose bits depend on the width.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void ExpOfTensorPrimitives() => TensorPrimitives.Exp<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>Log.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Log() => VectorMath.Log<T>(_y.AsSpan(), _z.AsSpan());

    /// <summary>Log of TensorPrimitives, whose bits depend on the width.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void LogOfTensorPrimitives() => TensorPrimitives.Log<T>(_y.AsSpan(), _z.AsSpan());

    /// <summary>Tanh.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Tanh() => VectorMath.Tanh<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>Tanh of TensorPrimitives, whose bits depend on the width.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void TanhOfTensorPrimitives() => TensorPrimitives.Tanh<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>Sigmoid.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Sigmoid() => VectorMath.Sigmoid<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>Sigmoid of TensorPrimitives, whose bits depend on the width.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void SigmoidOfTensorPrimitives() => TensorPrimitives.Sigmoid<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>The error function.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Erf() => VectorMath.Erf<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>log(1 + e^x).</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Softplus() => VectorMath.Softplus<T>(_x.AsSpan(), _z.AsSpan());
}
