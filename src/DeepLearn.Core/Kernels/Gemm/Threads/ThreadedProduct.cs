using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;

namespace DeepLearn.Kernels.Gemm.Threads;

/// <summary>
/// Takes a product on as many threads as pay, and each part of it by the path that <see cref="Dispatch"/> chooses for it.
/// </summary>
internal static class ThreadedProduct
{
    /// <summary>Below so many multiplications in a part, another thread costs more than it brings.</summary>
    private const long PartWork = 160_000;

    /// <summary>
    /// Up to which k the result, which other cores may hold, is more to move than there is to multiply: a part then has so many bytes of
    /// it at least.
    /// </summary>
    private const int ShortDepth = 16, PartOfResultInBytes = 1 << 18;

    /// <summary>Takes a product whose result is not empty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
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
        Dispatch.Run(product, set);
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
