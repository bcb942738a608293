using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>Our product.</summary>
internal sealed class OwnProduct<T>(ProductOperands<T> operands, WorkerPool workers) : IProductRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _a = operands.A;
    private readonly Matrix<T> _b = operands.B;
    private readonly Matrix<T> _c = operands.NewResult();
    private readonly bool _transposeA = operands.Shape.TransposeA;
    private readonly bool _transposeB = operands.Shape.TransposeB;
    private readonly bool _isPlain = !operands.Shape.Accumulates && !operands.Shape.HasBiasAndRelu;
    private readonly T _beta = operands.Shape.Accumulates ? T.One : T.Zero;
    private readonly bool _relu = operands.Shape.HasBiasAndRelu;

    // All zeros, so that peers without a bias have the same results.
    private readonly T[] _bias = operands.Shape.HasBiasAndRelu ? new T[operands.Shape.N] : [];

    public void Before()
    {
    }

    /// <summary>
    /// The product. A plain one is asked for without further options: of sixty nanoseconds, saying that there is no bias takes a part.
    /// </summary>
    public void Multiply()
    {
        if (_isPlain)
        {
            var options = new ProductOptions<T> { TransposeA = _transposeA, TransposeB = _transposeB };
            MatrixProduct.Multiply(_a, _b, options, workers, _c.View);
        }
        else
        {
            MultiplyWithAll();
        }
    }

    private void MultiplyWithAll()
    {
        var options = new ProductOptions<T>
        {
            TransposeA = _transposeA,
            TransposeB = _transposeB,
            Beta = _beta,
            Bias = _bias,
            Relu = _relu,
        };
        MatrixProduct.Multiply(_a, _b, options, workers, _c.View);
    }

    public T Result(int row, int column) => _c[row, column];

    public void Dispose()
    {
    }
}
