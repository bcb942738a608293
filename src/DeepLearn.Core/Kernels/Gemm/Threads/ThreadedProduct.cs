using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;

namespace DeepLearn.Kernels.Gemm.Threads;

/// <summary>Computes a product on as many threads as pay. <see cref="Dispatch"/> chooses the path of each part.</summary>
internal static class ThreadedProduct
{
    /// <summary>The fewest multiplications in a part; with fewer, another thread costs more than it saves.</summary>
    private const long PartWork = 160_000;

    /// <summary>
    /// The largest k for which moving the result, which may be in other cores' caches, takes longer than multiplying; and the fewest bytes
    /// of the result that a part then has.
    /// </summary>
    private const int ShortDepth = 16, PartOfResultInBytes = 1 << 18;

    /// <summary>Computes a product whose result is not empty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Run<T>(in Product<T> product, KernelSet<T> set, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int parts = PartsFor(product, workers);
        if (parts > 1)
            RunParts(product, set, workers, parts);
        else
            Dispatch.Run(product, set);
    }

    /// <summary>Computes a product in parts. It is apart, since the memory of the parts would be cleared for every product.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunParts<T>(in Product<T> product, KernelSet<T> set, WorkerPool workers, int parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var body = new PartsOfProduct<T>(product, set, parts);
        if (body.Parts > 1)
            workers.Run(ref body, body.Parts);
        else
            Dispatch.Run(product, set);
    }

    /// <summary>The number of threads that pay for a product.</summary>
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
