using System.Numerics;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Reductions;

/// <summary>Reductions of rows and columns, softmax and transposition, at the shapes of networks.</summary>
/// <typeparam name="T">The precision.</typeparam>
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
public class MatrixReductionBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T> _x = null!;
    private Matrix<T> _y = null!;
    private Matrix<T> _turned = null!;
    private T[] _perColumn = [];
    private T[] _variances = [];
    private T[] _perRow = [];
    private int[] _positions = [];

    /// <summary>The rows: a batch.</summary>
    [Params(100, 1024)]
    public int Rows { get; set; }

    /// <summary>The columns: classes, hidden units.</summary>
    [Params(10, 50, 512)]
    public int Columns { get; set; }

    /// <summary>Fills the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        RandomStream random = RandomKey.FromSeed(1).Open();
        _x = new(Rows, Columns);
        _y = new(Rows, Columns);
        _turned = new(Columns, Rows);
        _perColumn = new T[Columns];
        _variances = new T[Columns];
        _perRow = new T[Rows];
        _positions = new int[Rows];
        foreach (ref T value in _x.AsSpan())
            value = T.CreateChecked((8 * random.NextUniform()) - 4);
    }

    /// <summary>Column sums.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Rows), nameof(Columns))]
    public void ColumnSums() => ColumnReductions.Sum(_x, T.One, T.Zero, _perColumn);

    /// <summary>Means and variances of columns, two passes.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Rows), nameof(Columns))]
    public void ColumnMoments() => ColumnReductions.MeanAndVariance(_x, _perColumn, _variances);

    /// <summary>Softmax of rows with its log-sum-exp.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Rows), nameof(Columns))]
    public void Softmax() => RowReductions.Softmax(_x, _y, _perRow);

    /// <summary>The greatest of each row.</summary>
    [Benchmark]
    [Work(1, 1, nameof(Rows), nameof(Columns))]
    public void ArgMax() => RowReductions.ArgMax<T>(_x, _positions);

    /// <summary>The transpose.</summary>
    [Benchmark]
    [Work(1, 2, nameof(Rows), nameof(Columns))]
    public void Transpose() => Transposition.Transpose<T>(_x, _turned);
}
