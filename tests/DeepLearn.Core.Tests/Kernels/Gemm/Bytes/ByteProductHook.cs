using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Threads;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Kernels.Gemm.Bytes;

/// <summary>Takes a product of bytes with the kernels of the test's choice, behind the public face.</summary>
internal static unsafe class ByteProductHook
{
    public static void Run<T>(in ByteRows<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, KernelSet<T> set, WorkerPool workers,
        MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (byte* source = a.Source)
        fixed (int* starts = a.Starts)
        fixed (T* scale = a.Scale, offset = a.Offset, pb = &b.Origin, pc = &c.Origin, bias = options.Bias)
        {
            var bytes = new ByteOperand<T>
            {
                Source = source,
                Starts = starts,
                Known = a.Rows,
                Scale = scale,
                Offset = offset,
                Transposed = options.TransposeA,
            };
            int depth = options.TransposeA ? a.Rows : a.Columns;
            MatrixProduct.Describe(
                null, a.Columns, pb, b.Stride, pc, c.Stride, c.Rows, depth, c.Columns, options, bias, out Product<T> product);
            product.Bytes = &bytes;
            ThreadedProduct.Run(product, set, workers);
        }
    }
}
