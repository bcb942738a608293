using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>Takes a product by a path of the test's choice, behind the public face.</summary>
internal static unsafe class ProductHook
{
    public delegate void Path<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    public static void Run<T>(ProductCase<T> product, Matrix<T> result, Path<T> path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ProductOptions<T> options = product.Options;
        ReadOnlyMatrixView<T> a = product.A, b = product.B;
        MatrixView<T> c = product.Inner(result);
        fixed (T* pa = &a.Origin, pb = &b.Origin, pc = &c.Origin, bias = options.Bias)
        {
            MatrixProduct.Describe(
                pa, a.Stride, pb, b.Stride, pc, c.Stride, c.Rows, product.Depth, c.Columns, options, bias, out Product<T> inner);
            path(inner);
        }
    }

    /// <summary>Takes a product as the public face does, with the kernels of the test's choice.</summary>
    public static void Run<T>(ProductCase<T> product, Matrix<T> result, KernelSet<T> set, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ProductOptions<T> options = product.Options;
        ReadOnlyMatrixView<T> a = product.A, b = product.B;
        MatrixView<T> c = product.Inner(result);
        fixed (T* pa = &a.Origin, pb = &b.Origin, pc = &c.Origin, bias = options.Bias)
        {
            MatrixProduct.Run(
                pa, a.Stride, pb, b.Stride, null, pc, c.Stride, c.Rows, product.Depth, c.Columns, options, bias, set, workers);
        }
    }

    /// <summary>Packs the right operand for the kernels of the test's choice, and takes the product by the public face.</summary>
    public static void RunPacked<T>(ProductCase<T> product, Matrix<T> result, KernelSet<T> set, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ProductOptions<T> options = product.Options;
        var packed = new PackedMatrix<T>(product.Depth, product.Columns, set);
        packed.Pack(product.B, options.TransposeB, options.Alpha);
        var rest = new ProductOptions<T>
        {
            TransposeA = options.TransposeA,
            Beta = options.Beta,
            Bias = options.Bias,
            Relu = options.Relu,
        };
        MatrixProduct.Multiply(product.A, packed, rest, workers, product.Inner(result));
    }
}
