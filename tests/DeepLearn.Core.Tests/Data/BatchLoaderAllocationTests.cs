using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Data;

[Collection(Alone.Name)]
public class BatchLoaderAllocationTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void BatchLoader_Next_allocates_nothing_at_any_prefetch(int prefetch)
    {
        ByteDataset data = SmallData.Bytes(250, new Shape(8, 8, 3));
        var options = new BatchLoaderOptions { Normalization = Normalization.PerFeature(data), Prefetch = prefetch };
        using WorkerPool workers = Pools.WithProcessorToSpare();
        using var loader = new BatchLoader<float>(data.Skip(10), 32, RandomKey.FromSeed(1), options, workers);
        Assert.Equal(0, Allocation.OfAllThreads(() => loader.Next(), times: 50));
    }
}
