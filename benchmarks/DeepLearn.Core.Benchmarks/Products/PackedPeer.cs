using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>Our own product with a right operand that was packed in advance, to show what that would gain.</summary>
internal sealed class PackedPeer : IProductPeer
{
    public string Name => "packed";

    public string Description => "our own product with B packed once, before all calls";

    public string? Unavailable => null;

    public int Rounds(ProductShape shape, int threads) => int.MaxValue;

    public IProductRun<T> Prepare<T>(ProductOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands, new(threads));

    private sealed class Run<T> : IProductRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Matrix<T> _a;
        private readonly PackedMatrix<T> _b;
        private readonly Matrix<T> _c;
        private readonly bool _transposeA;
        private readonly WorkerPool _workers;

        public Run(ProductOperands<T> operands, WorkerPool workers)
        {
            ProductShape shape = operands.Shape;
            _a = operands.A;
            _b = new(shape.K, shape.N);
            _b.Pack(operands.B, shape.TransposeB);
            _c = operands.NewResult();
            _transposeA = shape.TransposeA;
            _workers = workers;
        }

        public void Before()
        {
        }

        public void Multiply() => MatrixProduct.Multiply(_a, _b, new ProductOptions<T> { TransposeA = _transposeA }, _workers, _c.View);

        public T Result(int row, int column) => _c[row, column];

        public void Dispose() => _workers.Dispose();
    }
}
