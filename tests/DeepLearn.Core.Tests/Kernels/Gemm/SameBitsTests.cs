using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm;

/// <summary>Every way to take a product gives, bit for bit, what a loop of fused multiply-adds gives.</summary>
public sealed class SameBitsTests : IDisposable
{
    private readonly WorkerPool[] _pools = [WorkerPool.Single, new(2), new(3), new(4)];

    public void Dispose() => Array.ForEach(_pools, pool => pool.Dispose());

    [Property(MaxTest = 150)]
    public void MatrixProduct_on_any_number_of_threads_equals_the_plain_loop_bit_for_bit(byte m, byte n, byte k, int seed)
    {
        Public(new ProductCase<float>(seed, m, n, k));
        Public(new ProductCase<double>(seed, n, k, m));
    }

    [Property(MaxTest = 150)]
    public void MatrixProduct_with_any_kernel_set_and_blocking_equals_the_plain_loop_bit_for_bit(byte m, byte n, byte k, int seed)
    {
        EverySet(new ProductCase<float>(seed, m / 3, n / 2, k / 3), seed, _pools);
        EverySet(new ProductCase<double>(seed, m / 3, n / 2, k / 3), seed, _pools);
    }

    [Theory]
    [InlineData(1, 18, 1)]
    [InlineData(3, 34, 40)]
    [InlineData(25, 50, 130)]
    [InlineData(16, 66, 33)]
    [InlineData(31, 98, 20)]
    [InlineData(30, 146, 300)]
    public void MatrixProduct_with_columns_left_over_equals_the_plain_loop_bit_for_bit(int m, int floatColumns, int k)
    {
        // Two columns of float are left over after vectors of 512 bits, and one of double.
        for (int seed = 0; seed < 12; seed++)
        {
            EverySet(new ProductCase<float>(seed, m, floatColumns, k), seed, _pools);
            EverySet(new ProductCase<double>(seed, m, floatColumns / 2, k), seed, _pools);
            Public(new ProductCase<float>(seed, m, floatColumns, k));
            Public(new ProductCase<double>(seed, m, floatColumns / 2, k));
        }
    }

    /// <summary>
    /// Products with every number of columns and of rows left over, by every set of kernels; throws where one is not right.
    /// </summary>
    internal static string OfEveryColumnLeftOver()
    {
        for (int columns = 1; columns <= 2 * KernelSet<float>.CreateAll()[0].Width; columns++)
        {
            foreach ((int m, int k) in ((int, int)[])[(3, 5), (1, 9), (columns, 1 + (columns % 7))])
            {
                EverySet(new ProductCase<float>(columns, m, columns, k), columns, [WorkerPool.Single]);
                EverySet(new ProductCase<double>(columns, m, columns, k), columns, [WorkerPool.Single]);
                EverySet(new ProductCase<float>(-columns, columns, m, k), columns, [WorkerPool.Single]);
                EverySet(new ProductCase<double>(-columns, columns, m, k), columns, [WorkerPool.Single]);
            }
        }
        return "right";
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void MatrixProduct_on_hardware_without_an_instruction_set_equals_the_plain_loop_bit_for_bit(string without) =>
        Assert.Equal("right", ChildProbe.Run("product kernels", (without, "0")));

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "256", 256)]
    [InlineData("DOTNET_EnableAVX2", "scalar", 128)] // the runtime's switch for AVX2 takes FMA with it
    [InlineData("DOTNET_EnableAVX", "scalar", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", "scalar", 1)]
    public void KernelSet_environment_switches_of_the_tests_choose_other_kernels(string without, string set, int lanes)
    {
        string best = KernelSet<float>.Best.Name;
        if (best == "scalar" || (best == "128" && without != "DOTNET_EnableHWIntrinsic"))
            set = best; // there is nothing to switch off
        lanes = Math.Min(lanes, LaneWidth.Current);
        Assert.Equal($"{set} {set} {lanes}", ChildProbe.Run("kernel sets", (without, "0")));
    }

    [Fact]
    public void MatrixProduct_of_rows_half_a_page_apart_equals_the_plain_loop_bit_for_bit()
    {
        // The operands lie in larger matrices, whose rows have 512 numbers in some of these.
        for (int seed = 0; seed < 8; seed++)
        {
            EverySet(new ProductCase<float>(seed, 509, 21, 20), seed, _pools);
            EverySet(new ProductCase<double>(seed, 509, 21, 20), seed, _pools);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void MatrixProduct_of_few_vectors_and_any_k_equals_the_plain_loop_bit_for_bit(int vectors)
    {
        // The number of rows of the matrix decides how many groups, blocks and steps back there are.
        int seed = 0;
        foreach (int k in (int[])[2, 3, 4, 5, 7, 8, 10, 12, 13, 15, 27, 46, 75])
        {
            foreach (int count in (int[])[4, 7, 16, 18, 33, 50, 67, 131])
            {
                foreach (ProductForm form in (ProductForm[])[new(false, true, false), new(false, false, false)])
                {
                    (int m, int n) = form.TransposeB ? (vectors, count) : (count, vectors);
                    EverySetDispatched(new ProductCase<float>(seed, m, n, k, form: form));
                    EverySetDispatched(new ProductCase<double>(seed, m, n, k, form: form));
                    seed++;
                }
            }
        }
    }

    [Fact]
    public void MatrixProduct_of_few_vectors_and_rows_that_share_cache_sets_equals_the_plain_loop_bit_for_bit()
    {
        // A quarter of the matrices have rows that are half a page apart, or a multiple of it.
        for (int seed = 0; seed < 64; seed++)
        {
            int vectors = 1 + (seed % 8);
            EverySetDispatched(new ProductCase<float>(seed, 37, vectors, 512, form: new(false, seed % 3 == 0, false)));
            EverySetDispatched(new ProductCase<double>(seed, vectors, 37, 256, form: new(false, true, false)));
        }
    }

    [Fact]
    public void MatrixProduct_of_a_few_dot_products_equals_the_plain_loop_bit_for_bit()
    {
        int seed = 0;
        foreach (int k in (int[])[8, 9, 31, 200])
        {
            for (int m = 1; m <= 3; m++)
            {
                for (int n = 2; n <= 3; n++)
                {
                    Assert.True(Dispatch.AreDotProducts(m, k, n, 1f));
                    for (int i = 0; i < 6; i++, seed++)
                    {
                        EverySetDispatched(new ProductCase<float>(seed, m, n, k, form: new(false, true, false)));
                        EverySetDispatched(new ProductCase<double>(seed, m, n, k, form: new(false, true, false)));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 7, 9)]
    [InlineData(1, 77, 50)]
    [InlineData(77, 1, 51)]
    [InlineData(256, 1, 300)]
    [InlineData(0, 5, 3)]
    [InlineData(5, 0, 3)]
    [InlineData(5, 3, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(1, 300, 1000)]
    [InlineData(300, 1, 1000)]
    [InlineData(100, 50, 1024)]
    [InlineData(1024, 50, 100)]
    [InlineData(100, 10, 512)]
    [InlineData(513, 10, 32)]
    [InlineData(257, 130, 700)]
    [InlineData(96, 64, 1100)]
    public void MatrixProduct_of_network_shapes_equals_the_plain_loop_bit_for_bit(int m, int n, int k)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            Public(new ProductCase<float>(seed, m, n, k));
            Public(new ProductCase<double>(seed, m, n, k));
        }
    }

    [Theory]
    [InlineData(1, 40, 37)]
    [InlineData(2, 3, 5)]
    [InlineData(1, 44, 6)]
    [InlineData(17, 9, 12)]
    [InlineData(3, 11, 90)]
    [InlineData(40, 1, 37)]
    [InlineData(1, 3, 2)]
    [InlineData(6, 1, 200)]
    [InlineData(1, 9, 0)]
    [InlineData(9, 90, 1)]
    [InlineData(5, 77, 6)]
    [InlineData(4, 90, 8)]
    [InlineData(1, 118, 33)]
    [InlineData(2, 126, 25)]
    [InlineData(2, 95, 40)]
    [InlineData(1, 47, 300)]
    [InlineData(4, 131, 2)]
    [InlineData(5, 64, 3)]
    [InlineData(1, 300, 4)]
    [InlineData(7, 16, 300)]
    [InlineData(70, 2, 37)]
    [InlineData(37, 3, 66)]
    [InlineData(39, 4, 67)]
    [InlineData(21, 5, 101)]
    [InlineData(21, 6, 98)]
    [InlineData(21, 7, 99)]
    [InlineData(9, 8, 65)]
    [InlineData(3, 33, 50)]
    [InlineData(6, 20, 11)]
    [InlineData(300, 10, 64)]
    [InlineData(90, 40, 1030)]
    [InlineData(200, 150, 40)]
    public void MatrixProduct_on_every_path_and_kernel_set_equals_the_plain_loop_bit_for_bit(int m, int n, int k)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            EverySet(new ProductCase<float>(seed, m, n, k), seed, _pools);
            EverySet(new ProductCase<double>(seed, m, n, k), seed, _pools);
        }
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(40, 1)]
    [InlineData(100, 60)]
    [InlineData(5000, 70)]
    public void MatrixProduct_of_a_transposed_matrix_and_one_column_equals_the_plain_loop_bit_for_bit(int m, int k)
    {
        ProductForm[] forms = [new(true, false, false), new(true, true, false), new(true, false, true)];
        for (int seed = 0; seed < 12; seed++)
        {
            EverySet(new ProductCase<float>(seed, m, 1, k, form: forms[seed % 3], apart: true), seed, _pools);
            EverySet(new ProductCase<double>(seed, m, 1, k, form: forms[seed % 3], apart: true), seed, _pools);
        }
    }

    /// <summary>Compares every path with the definition, by every set of kernels, forced and as the dispatch takes it.</summary>
    private static void EverySetDispatched<T>(ProductCase<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (KernelSet<T> set in KernelSet<T>.CreateAll())
        {
            Matrix<T> result = product.NewResult();
            ProductHook.Run(product, result, set, WorkerPool.Single);
            Assert.True(product.IsRight(result), $"{product}, as dispatched, kernels {set.Name}");
        }
    }

    private static void EverySet<T>(ProductCase<T> product, int seed, IReadOnlyList<WorkerPool> pools)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Rows == 0 || product.Columns == 0)
            return;
        var random = new Random(seed);
        foreach (KernelSet<T> set in KernelSet<T>.CreateAll())
        {
            for (int packs = 0; packs < 4; packs++)
            {
                Matrix<T> result = product.NewResult();
                var blocking = new Blocking
                {
                    Kc = random.Next(1, 100),
                    Mc = random.Next(1, 60),
                    NcPanels = random.Next(1, 4),
                    PanelVectors = random.Next(1, set.PanelVectors + 1),
                    RowOrder = (RowOrder)random.Next(2),
                    PackA = (packs & 1) != 0,
                    PackB = (packs & 2) != 0 || product.TransposeB || product.Options.Alpha != T.One,
                    ShareEdge = ((packs & 1) != 0 || product.TransposeA) && random.Next(2) == 0,
                };
                ProductHook.Run(product, result, (in Product<T> inner) => BlockedProduct.Multiply(inner, set, blocking));
                Assert.True(
                    product.IsRight(result),
                    $"{product}, kernels {set.Name}, kc {blocking.Kc}, mc {blocking.Mc}, packs {packs}, shared edge {blocking.ShareEdge}");
            }
            foreach (WorkerPool pool in pools)
            {
                Packed(product, set, pool);
                Matrix<T> result = product.NewResult();
                ProductHook.Run(product, result, set, pool);
                Assert.True(product.IsRight(result), $"{product}, as dispatched, kernels {set.Name}, {pool.Threads} threads");
            }
            Path(product, $"columns, kernels {set.Name}", (in Product<T> inner) => ColumnProduct.Multiply(inner, set, random.Next(1, 100)));
            if (product.Depth is > 0 and <= 8 && set.Width > 1)
                Path(product, $"shallow, kernels {set.Name}", (in Product<T> inner) => ShallowProduct.Multiply(inner, set));
            if (product.Depth > 0 && !product.TransposeB && product.Options.Alpha == T.One && set.Width > 1)
                Path(product, $"streamed rows, kernels {set.Name}", (in Product<T> inner) => StreamedRows.Multiply(inner, set));
            if (!product.TransposeB && product.Options.Alpha == T.One)
                Path(product, $"small, kernels {set.Name}", (in Product<T> inner) => SmallProduct.Multiply(inner, set));
        }
    }

    private static void Path<T>(ProductCase<T> product, string name, ProductHook.Path<T> path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> result = product.NewResult();
        ProductHook.Run(product, result, path);
        Assert.True(product.IsRight(result), $"{product}, {name}");
    }

    private static void Packed<T>(ProductCase<T> product, KernelSet<T> set, WorkerPool pool)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> result = product.NewResult();
        ProductHook.RunPacked(product, result, set, pool);
        Assert.True(product.IsRight(result), $"{product}, packed, kernels {set.Name}, {pool.Threads} threads");
    }

    private void Public<T>(ProductCase<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (WorkerPool pool in _pools)
        {
            Matrix<T> result = product.NewResult();
            MatrixProduct.Multiply(product.A, product.B, product.Options, pool, product.Inner(result));
            Assert.True(product.IsRight(result), $"{product}, {pool.Threads} threads");
            Packed(product, KernelSet<T>.Best, pool);
        }
    }
}
