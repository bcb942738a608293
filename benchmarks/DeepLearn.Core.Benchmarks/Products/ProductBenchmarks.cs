using System.Numerics;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Foundation;

namespace DeepLearn.Benchmarks.Products;

/// <summary>Our product over a list of shapes, on one thread and on all.</summary>
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
public abstract class ProductBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private WorkerPool? _workers;
    private IProductRun<T>? _product;

    /// <summary>The product.</summary>
    [ParamsSource(nameof(Shapes))]
    public ProductShape Shape { get; set; } = null!;

    /// <summary>The number of threads.</summary>
    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    /// <summary>The products to measure.</summary>
    public abstract IEnumerable<ProductShape> Shapes { get; }

    /// <summary>One thread, and all.</summary>
    public IEnumerable<int> ThreadCounts => new[] { 1, Machine.Threads }.Distinct();

    /// <summary>Creates operands and threads.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _workers = new(Threads);
        _product = Prepare(new(Shape), _workers);
    }

    /// <summary>Stops the threads.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _product?.Dispose();
        _workers?.Dispose();
    }

    /// <summary>One product.</summary>
    [Benchmark]
    public void Multiply() => _product!.Multiply();

    /// <summary>Prepares the product.</summary>
    private protected virtual IProductRun<T> Prepare(ProductOperands<T> operands, WorkerPool workers) =>
        new OwnProduct<T>(operands, workers);
}

/// <summary>Squares from 16 to 2048.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class SquareProductBenchmarks<T> : ProductBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override IEnumerable<ProductShape> Shapes => ProductShapes.Squares;
}

/// <summary>Every product of the networks 3072-50-10 and 3072-512-10, forward and backward.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class NetworkProductBenchmarks<T> : ProductBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override IEnumerable<ProductShape> Shapes => ProductShapes.Networks;
}

/// <summary>Products of the sizes that convolutions would have, with their gradients.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class ConvolutionProductBenchmarks<T> : ProductBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override IEnumerable<ProductShape> Shapes => ProductShapes.Convolutions;
}

/// <summary>The products of the networks with a right operand that was packed in advance.</summary>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class PackedProductBenchmarks<T> : ProductBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override IEnumerable<ProductShape> Shapes => ProductShapes.Networks;

    private protected override IProductRun<T> Prepare(ProductOperands<T> operands, WorkerPool workers) =>
        new PackedPeer().Prepare(operands, workers.Threads);
}
