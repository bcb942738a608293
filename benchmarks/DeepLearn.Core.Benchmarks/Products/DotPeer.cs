using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>
/// One <c>TensorPrimitives.Dot</c> for each element of the result, the best that .NET itself offers. An operand that would be read by
/// columns is transposed first, which counts.
/// </summary>
internal sealed class DotPeer : IProductPeer
{
    private const double TooLong = 1e9;

    public string Name => "dot";

    public string Description => $"System.Numerics.Tensors {Machine.VersionOf(typeof(TensorPrimitives))}, TensorPrimitives.Dot per element";

    public string? Unavailable => null;

    public int Rounds(ProductShape shape, int threads) => threads > 1 || shape.Flops > TooLong ? 0 : shape.Flops > TooLong / 30 ? 3 : 7;

    public IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands);

    private sealed class Run<T>(ProductOperands<T> operands) : IProductRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Matrix<T> _c = operands.NewResult();
        private readonly T[] _rowsOfA = new T[operands.Shape.TransposeA ? operands.A.Count : 0];
        private readonly T[] _columnsOfB = new T[operands.Shape.TransposeB ? 0 : operands.B.Count];

        public void Before()
        {
        }

        public void Multiply()
        {
            ProductShape shape = operands.Shape;
            ReadOnlySpan<T> a = operands.A.AsSpan();
            ReadOnlySpan<T> b = operands.B.AsSpan();
            if (shape.TransposeA)
            {
                Transpose(a, shape.K, shape.M, _rowsOfA);
                a = _rowsOfA;
            }
            if (!shape.TransposeB)
            {
                Transpose(b, shape.K, shape.N, _columnsOfB);
                b = _columnsOfB;
            }
            for (int i = 0; i < shape.M; i++)
            {
                Span<T> row = _c.Row(i);
                ReadOnlySpan<T> left = a.Slice(i * shape.K, shape.K);
                for (int j = 0; j < row.Length; j++)
                    row[j] = TensorPrimitives.Dot(left, b.Slice(j * shape.K, shape.K));
            }
        }

        public T Result(int row, int column) => _c[row, column];

        public void Dispose()
        {
        }

        private static void Transpose(ReadOnlySpan<T> source, int rows, int columns, Span<T> destination)
        {
            for (int i = 0; i < rows; i++)
            {
                ReadOnlySpan<T> row = source.Slice(i * columns, columns);
                for (int j = 0; j < row.Length; j++)
                    destination[(j * rows) + i] = row[j];
            }
        }
    }
}
