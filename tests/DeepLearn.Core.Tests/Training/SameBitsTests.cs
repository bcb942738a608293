using DeepLearn.Foundation;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>A trained model is a pure function of data, specification and seed.</summary>
public class SameBitsTests
{
    private static readonly Lazy<string> Dense = new(() => TrainingHash.OfDense(1000));
    private static readonly Lazy<string> Wide = new(() => TrainingHash.OfWide(1000));
    private static readonly Lazy<string> Convolutional = new(() => TrainingHash.OfConvolutional(30));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 2)]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    public void ThreadsAndPrefetchingChangeNoBit(int threads, int prefetch)
    {
        using var workers = Pools.WithProcessorToSpare(threads);
        Assert.Equal(Dense.Value, TrainingHash.OfDense(1000, workers, prefetch));
        Assert.Equal(Wide.Value, TrainingHash.OfWide(1000, workers, prefetch));
        Assert.Equal(Convolutional.Value, TrainingHash.OfConvolutional(30, workers, prefetch));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void InstructionSetsChangeNoBit(string without) =>
        Assert.Equal(ChildProbe.Run("training"), ChildProbe.Run("training", (without, "0")));
}
