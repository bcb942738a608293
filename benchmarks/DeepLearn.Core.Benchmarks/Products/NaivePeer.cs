using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>
/// Three nested loops over spans, as in a textbook. The outer loop runs over rows of the result, so that operands are read along their rows
/// where that is possible.
/// </summary>
internal sealed class NaivePeer : IProductPeer
{
    private const double TooLong = 1e8;

    public string Name => "naive";

    public string Description => "three nested loops in C#, not vectorized";

    public string? Unavailable => null;

    public int Rounds(ProductShape shape, int threads) => threads > 1 || shape.Flops > TooLong ? 0 : shape.Flops > TooLong / 30 ? 3 : 7;

    public IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands);

    private sealed class Run<T>(ProductOperands<T> operands) : IProductRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Matrix<T> _c = operands.NewResult();

        public void Before()
        {
        }

        public void Multiply()
        {
            ProductShape shape = operands.Shape;
            ReadOnlySpan<T> a = operands.A.AsSpan();
            ReadOnlySpan<T> b = operands.B.AsSpan();
            for (int i = 0; i < shape.M; i++)
            {
                Span<T> row = _c.Row(i);
                if (shape.TransposeB)
                {
                    ReadOnlySpan<T> left = a.Slice(i * shape.K, shape.K);
                    for (int j = 0; j < row.Length; j++)
                    {
                        ReadOnlySpan<T> right = b.Slice(j * shape.K, shape.K);
                        T sum = T.Zero;
                        for (int p = 0; p < left.Length; p++)
                            sum += left[p] * right[p];
                        row[j] = sum;
                    }
                    continue;
                }
                row.Clear();
                for (int p = 0; p < shape.K; p++)
                {
                    T left = shape.TransposeA ? a[(p * shape.M) + i] : a[(i * shape.K) + p];
                    ReadOnlySpan<T> right = b.Slice(p * shape.N, shape.N);
                    for (int j = 0; j < row.Length; j++)
                        row[j] += left * right[j];
                }
            }
        }

        public T Result(int row, int column) => _c[row, column];

        public void Dispose()
        {
        }
    }
}
