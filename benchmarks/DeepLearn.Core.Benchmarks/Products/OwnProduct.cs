using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>The library's own product.</summary>
internal sealed class OwnProduct<T>(ProductOperands<T> operands, WorkerPool workers) : IProductRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _a = operands.A;
    private readonly Matrix<T> _b = operands.B;
    private readonly Matrix<T> _c = operands.NewResult();
    private readonly bool _transposeA = operands.Shape.TransposeA;
    private readonly bool _transposeB = operands.Shape.TransposeB;

    public void Before()
    {
    }

    public void Multiply() =>
        MatrixProduct.Multiply(_a, _b, new ProductOptions<T> { TransposeA = _transposeA, TransposeB = _transposeB }, workers, _c.View);

    public T Result(int row, int column) => _c[row, column];

    public void Dispose()
    {
    }
}
