using System.Globalization;
using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>One number for the bits of products that between them take every path.</summary>
internal static class ProductHash
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (3, 5, 7), (16, 16, 16), (33, 50, 40), (100, 10, 51), (100, 50, 400), (1, 77, 50), (77, 1, 50),
        (130, 10, 20), (70, 130, 60),
    ];

    public static string Compute()
    {
        ulong hash = 0xCBF29CE484222325;
        using var two = new WorkerPool(2);
        int seed = 0;
        foreach ((int m, int n, int k) in Shapes)
        {
            for (int i = 0; i < 6; i++)
            {
                hash = Add(hash, new ProductCase<float>(seed, m, n, k), two);
                hash = Add(hash, new ProductCase<double>(seed++, m, n, k), two);
            }
        }
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static ulong Add<T>(ulong hash, ProductCase<T> product, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> result = product.NewResult();
        MatrixProduct.Multiply(product.A, product.B, product.Options, workers, product.Inner(result));
        foreach (T element in result.AsSpan())
            hash = (hash ^ Bits.Of(element)) * 0x100000001B3;
        return hash;
    }
}
