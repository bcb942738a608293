using DeepLearn.Foundation;

namespace DeepLearn.Tests.Support;

/// <summary>Pools as they are on machines with other numbers of processors than this one's.</summary>
internal static class Pools
{
    /// <summary>A pool that leaves a processor for other threads.</summary>
    public static WorkerPool WithProcessorToSpare(int threads = 1) => new(threads, new ProcessorShare(threads + 1));

    /// <summary>A pool that keeps every processor busy.</summary>
    public static WorkerPool OnAllProcessors(int threads) => new(threads, new ProcessorShare(threads));
}
