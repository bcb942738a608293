using System.Numerics;
using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Elementwise;

/// <summary>Arithmetic, activations, optimiser steps and conversions.</summary>
/// <typeparam name="T">The precision.</typeparam>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
public class ElementwiseBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T> _x = null!;
    private Matrix<T> _y = null!;
    private Matrix<T> _z = null!;
    private Matrix<T> _w = null!;
    private byte[] _bytes = [];

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
        _w = new(1, Length);
        for (int i = 0; i < Length; i++)
        {
            _x.AsSpan()[i] = T.CreateChecked((8 * random.NextUniform()) - 4);
            _y.AsSpan()[i] = T.CreateChecked(random.NextUniform() + 0.1);
        }
        _bytes = new byte[Length];
    }

    /// <summary>x + y.</summary>
    [Benchmark]
    [Work(1, 3, nameof(Length))]
    public void Add() => Arithmetic.Add<T>(_x.AsSpan(), _y.AsSpan(), _z.AsSpan());

    /// <summary>x + y of TensorPrimitives.</summary>
    [Benchmark]
    [Work(1, 3, nameof(Length))]
    public void AddOfTensorPrimitives() => TensorPrimitives.Add<T>(_x.AsSpan(), _y.AsSpan(), _z.AsSpan());

    /// <summary>y + a x in place.</summary>
    [Benchmark]
    [Work(2, 3, nameof(Length))]
    public void AddScaled() => Arithmetic.AddScaled(_x.AsSpan(), T.Zero, _z.AsSpan());

    /// <summary>y + a x in place, of TensorPrimitives.</summary>
    [Benchmark]
    [Work(2, 3, nameof(Length))]
    public void AddScaledOfTensorPrimitives() => TensorPrimitives.FusedMultiplyAdd(_x.AsSpan(), T.Zero, _z.AsSpan(), _z.AsSpan());

    /// <summary>The gradient of ReLU.</summary>
    [Benchmark]
    [Work(1, 3, nameof(Length))]
    public void ReluBackward() => Activations.ReluBackward<T>(_x.AsSpan(), _y.AsSpan(), _z.AsSpan());

    /// <summary>GELU.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Gelu() => Activations.Gelu<T>(_x.AsSpan(), _z.AsSpan());

    /// <summary>The gradient of GELU.</summary>
    [Benchmark]
    [Work(1, 3, nameof(Length))]
    public void GeluBackward() => Activations.GeluBackward<T>(_x.AsSpan(), _y.AsSpan(), _z.AsSpan());

    /// <summary>A step of gradient descent with momentum.</summary>
    [Benchmark]
    [Work(1, 5, nameof(Length))]
    public void Momentum() =>
        OptimizerUpdates.Momentum(_y.AsSpan(), T.Zero, T.One, UpdateTerms<T>.None, _x.AsSpan(), _z.AsSpan());

    /// <summary>A step of Adam.</summary>
    [Benchmark]
    [Work(1, 7, nameof(Length))]
    public void Adam() => OptimizerUpdates.Adam(
        _y.AsSpan(), T.Zero, T.One, T.One, T.One, T.One, T.One, UpdateTerms<T>.None, _x.AsSpan(), _z.AsSpan(), _w.AsSpan());

    /// <summary>Dropout, the random bits included.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Length))]
    public void Drop() => Dropout.Apply<T>(RandomKey.FromSeed(1), 0, 0.5, _x.AsSpan(), _z.AsSpan());

    /// <summary>Bytes to numbers, with a scale and an offset per feature.</summary>
    [Benchmark]
    [Work(1, 3, nameof(Length))]
    public void Bytes() => ByteConversion.Convert<T>(_bytes, _x.AsSpan(), _y.AsSpan(), _z.AsSpan());
}
