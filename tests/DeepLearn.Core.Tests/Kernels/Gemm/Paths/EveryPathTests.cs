using System.Numerics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Paths;

/// <summary>
/// Every set of kernels goes all the way that the public product goes, dispatch and threads included, whatever this processor's own set is:
/// what a machine with vectors of 128 bits does is seen here, too. That each path is gone by each set is checked, not hoped for.
/// </summary>
public sealed class EveryPathTests : IDisposable
{
    private static readonly ProductForm
        Plain = new(false, false, false),
        LeftTransposed = new(true, false, false),
        RightTransposed = new(false, true, false),
        BothTransposed = new(true, true, false);

    // As the sizes of tiles and caches have it, some of these take one path with narrow vectors and another with wide ones.
    private static readonly (int M, int N, int K, ProductForm Form)[] Products =
    [
        (20, 2, 30, Plain),
        (6, 2, 30, Plain),
        (6, 5, 3, RightTransposed),
        (33, 5, 9, RightTransposed),
        (20, 300, 3, Plain),
        (20, 300, 2, RightTransposed),
        (20, 7, 30, Plain),
        (16, 16, 16, LeftTransposed),
        (300, 1, 200, Plain),
        (300, 1, 200, LeftTransposed),
        (300, 3, 200, Plain),
        (5, 300, 200, RightTransposed),
        (1, 300, 200, RightTransposed),
        (1, 3000, 130, RightTransposed),
        (5, 700, 200, Plain),
        (1, 700, 601, Plain),
        (30, 60, 20, Plain),
        (30, 60, 20, LeftTransposed),
        (100, 50, 400, Plain),
        (100, 50, 100, RightTransposed),
        (100, 10, 512, Plain),
        (513, 10, 32, LeftTransposed),
        (513, 10, 32, LeftTransposed with { Scaled = true }),
        (1100, 7, 64, LeftTransposed),
        (1024, 50, 100, LeftTransposed),
        (200, 220, 400, Plain),
        (400, 200, 170, Plain),
        (400, 200, 170, BothTransposed with { Scaled = true }),
        (900, 100, 10, Plain),
        (900, 100, 10, RightTransposed),
        (300, 97, 16, LeftTransposed),
        (3, 1101, 500, Plain),
        (11, 1103, 501, RightTransposed),
        (150, 203, 501, RightTransposed),
    ];

    private readonly WorkerPool[] _pools = [WorkerPool.Single, new(2), new(4)];

    public void Dispose() => Array.ForEach(_pools, pool => pool.Dispose());

    [Fact]
    public void MatrixProduct_of_float_takes_every_path_with_every_kernel_set() => ByEverySet<float>();

    [Fact]
    public void MatrixProduct_of_double_takes_every_path_with_every_kernel_set() => ByEverySet<double>();

    private void ByEverySet<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelSet<T>[] sets = KernelSet<T>.CreateAll();
        HashSet<string>[] taken = [.. sets.Select(_ => new HashSet<string>())];
        for (int i = 0; i < Products.Length; i++)
        {
            (int m, int n, int k, ProductForm form) = Products[i];
            var product = new ProductCase<T>(i, m, n, k, form: form, apart: n == 1);
            for (int s = 0; s < sets.Length; s++)
            {
                KernelSet<T> set = sets[s];
                if (Dispatch.IsOnePanel(m, k, n, product.TransposeA, product.TransposeB, product.Options.Alpha, set))
                    taken[s].Add("one panel");
                else if (form == RightTransposed && n > 1 && Dispatch.IsOneTransposedPanel(m, k, n, product.Options.Alpha, set))
                    taken[s].Add("one transposed panel");
                else
                    ProductHook.Run(product, product.NewResult(), (in Product<T> inner) => taken[s].Add(PathOf(inner, set)));
                foreach (WorkerPool pool in _pools)
                {
                    Matrix<T> result = product.NewResult();
                    ProductHook.Run(product, result, set, pool);
                    Assert.True(product.IsRight(result), $"{product}, kernels {set.Name}, {pool.Threads} threads");
                    ProductHook.RunPacked(product, result = product.NewResult(), set, pool);
                    Assert.True(product.IsRight(result), $"{product}, packed, kernels {set.Name}, {pool.Threads} threads");
                }
            }
        }
        for (int s = 0; s < sets.Length; s++)
        {
            bool vectors = sets[s].Width > 1 && (sets[s].Name == "128" ? Interleave.IsSupported : Fma.IsSupported);
            string[] expected =
            [
                "one panel", nameof(ProductPath.ColumnAsRow), nameof(ProductPath.Columns),
                nameof(ProductPath.Small), "blocked", "blocked A", "blocked B",
                "blocked A B", "blocked short", "blocked B short", "blocked streamed",
                .. vectors ? (string[])[nameof(ProductPath.MatrixVectors)] : [],
                .. sets[s].Width > 1
                    ? (string[])[nameof(ProductPath.Shallow), nameof(ProductPath.StreamedRows), "one transposed panel"]
                    : [],
            ];
            Assert.Equal(expected.Order(), taken[s].Order());
        }
    }

    /// <summary>What the dispatch does with a product on one thread; a blocked one with the operands that are packed.</summary>
    private static string PathOf<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Dispatch.PathOf(product, set) is var path && path != ProductPath.Blocked)
            return path.ToString();
        var blocking = Blocking.For(product, set);
        return $"blocked{(blocking.PackA ? " A" : "")}{(blocking.PackB ? " B" : "")}"
            + (product.Depth <= 16 ? " short" : blocking.Across ? " streamed" : "");
    }
}
