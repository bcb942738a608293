using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace DeepLearn.Benchmarks.Products;

/// <summary>The managed provider of MathNet.Numerics, through the methods that its users call, into an existing result.</summary>
internal sealed class MathNetPeer : IProductPeer
{
    private const double TooLong = 3e8;

    public string Name => "mathnet";

    public string Description => $"MathNet.Numerics {Machine.VersionOf(typeof(Control))}, managed provider";

    public string? Unavailable => null;

    public int Rounds(ProductShape shape, int threads) => shape.Flops > TooLong ? 0 : shape.Flops > TooLong / 30 ? 3 : 7;

    public IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands, threads);

    private sealed class Run<T>(ProductOperands<T> operands, int threads) : IProductRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Matrix<T> _a = MatrixOf(operands.A);
        private readonly Matrix<T> _b = MatrixOf(operands.B);
        private readonly Matrix<T> _c = Matrix<T>.Build.Dense(operands.Shape.M, operands.Shape.N);
        private readonly Transposition _transposition = operands.Shape.Transposition;

        public void Before()
        {
            Control.UseManaged();
            Control.MaxDegreeOfParallelism = threads;
        }

        public void Multiply()
        {
            if (_transposition == Transposition.TN)
                _a.TransposeThisAndMultiply(_b, _c);
            else if (_transposition == Transposition.NT)
                _a.TransposeAndMultiply(_b, _c);
            else
                _a.Multiply(_b, _c);
        }

        public T Result(int row, int column) => _c[row, column];

        public void Dispose()
        {
        }

        private static Matrix<T> MatrixOf(Tensors.Matrix<T> matrix) =>
            Matrix<T>.Build.Dense(matrix.Rows, matrix.Columns, (i, j) => matrix[i, j]);
    }
}
