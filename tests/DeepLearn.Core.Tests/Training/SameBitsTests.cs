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

    /// <summary>
    /// The bits themselves, as seen on x86 with every set of instructions. Where this fails on a machine, its bits are not ours; where it fails
    /// after a change, old specifications and seeds make other models from then on, which the change log says if it is meant.
    /// </summary>
    [Fact]
    public void TheBitsAreTheseOnEveryMachine()
    {
        Assert.Equal("dd1d738838a29287 1ee621438915eba3", Start(TrainingHash.OfDense(20)));
        Assert.Equal("3feca9d955c068b6 01b855c6ca8792ef", Start(TrainingHash.OfWide(5)));
        Assert.Equal("05a12b448bce203f 97f5b554ecf3bcb7", Start(TrainingHash.OfConvolutional(3)));

        // The first digits of each hash of weights, in float and in double.
        static string Start(string hashes) =>
            string.Join(' ', hashes.Split(' ').Where(part => part.Length == 64).Select(hash => hash[..16]));
    }
}
