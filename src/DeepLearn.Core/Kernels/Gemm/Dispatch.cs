using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Gemm;

/// <summary>Chooses how a product is taken and on how many threads.</summary>
internal static class Dispatch
{
    /// <summary>Below so many multiplications in a part, another thread costs more than it brings.</summary>
    private const long PartWork = 160_000;

    /// <summary>
    /// Up to which k the result, which other cores may hold, is more to move than there is to multiply: a part then has so many bytes of
    /// it at least.
    /// </summary>
    private const int ShortDepth = 16, PartOfResultInBytes = 1 << 18;

    /// <summary>Takes a product whose result is not empty.</summary>
    public static void Run<T>(in Product<T> product, KernelSet<T> set, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int parts = PartsFor(product, workers);
        if (parts > 1)
        {
            var body = new PartsOfProduct<T>(product, set, parts);
            if (body.Parts > 1)
            {
                workers.Run(ref body, body.Parts);
                return;
            }
        }
        RunSerially(product, set);
    }

    /// <summary>Takes a product on the calling thread.</summary>
    public static void RunSerially<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (PathOf(product, set))
        {
            case ProductPath.MatrixVector:
                MatrixVector.Multiply(product, set);
                break;
            case ProductPath.Columns:
                ColumnProduct.Multiply(product, set, 256);
                break;
            case ProductPath.Small:
                SmallProduct.Multiply(product, set);
                break;
            default:
                Blocking blocking = Blocking.For(product, set);
                BlockedProduct.Multiply(product, set, blocking);
                break;
        }
    }

    /// <summary>The path of a product on the calling thread, where <see cref="OneStripProduct"/> has not taken it before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProductPath PathOf<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (MatrixVector.Suits(product, set))
            return ProductPath.MatrixVector;
        if (product.RowA == 1 && product.DepthA != 1 && ColumnProduct.Suits(product, set))
            return ProductPath.Columns;
        return SmallProduct.Suits(product) ? ProductPath.Small : ProductPath.Blocked;
    }

    /// <summary>Takes a product whose right operand has been packed.</summary>
    public static void RunPacked<T>(in Product<T> product, KernelSet<T> set, in Strips<T> strips, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int parts = PartsFor(product, workers);
        if (parts > 1)
        {
            var body = new PartsOfPacked<T>(product, set, strips, parts);
            workers.Run(ref body, body.Parts);
            return;
        }
        BlockedProduct.Multiply(product, set, Blocking.ForPacked(product, set), strips, 0, strips.Count);
    }

    /// <summary>On how many threads a product pays.</summary>
    public static int PartsFor<T>(in Product<T> product, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (workers.Threads == 1)
            return 1;
        long results = (long)product.Rows * product.Columns, work = results * product.Depth;
        if (work < 2 * PartWork)
            return 1;
        long parts = Math.Min(workers.Threads, work / PartWork);
        return (int)(product.Depth <= ShortDepth ? Math.Min(parts, results * Unsafe.SizeOf<T>() / PartOfResultInBytes) : parts);
    }
}
