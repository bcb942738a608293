using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>A trained model is a pure function of data, specification and seed.</summary>
public class SameBitsTests
{
    private static readonly Lazy<string> Dense = new(() => TrainingHash.OfDense(1000));
    private static readonly Lazy<string> Wide = new(() => TrainingHash.OfWide(1000));
    private static readonly Lazy<string> ManyUnits = new(() => TrainingHash.OfManyUnits(20));
    private static readonly Lazy<string> Convolutional = new(() => TrainingHash.OfConvolutional(30));
    private static readonly Lazy<string> Everything = new(() => MixedTraining.OfEverything(6));
    private static readonly Lazy<string> ShortRuns = new(() => TrainingHash.OfShortRuns());

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 0)]
    [InlineData(2, 2)]
    [InlineData(4, 0)]
    [InlineData(4, 1)]
    public void Training_with_other_threads_and_prefetch_is_reproducible_bit_for_bit(int threads, int prefetch)
    {
        using var workers = Pools.WithProcessorToSpare(threads);
        Assert.Equal(Dense.Value, TrainingHash.OfDense(1000, workers, prefetch));
        Assert.Equal(Wide.Value, TrainingHash.OfWide(1000, workers, prefetch));
        Assert.Equal(ManyUnits.Value, TrainingHash.OfManyUnits(20, workers, prefetch));
        Assert.Equal(Convolutional.Value, TrainingHash.OfConvolutional(30, workers, prefetch));
        Assert.Equal(Everything.Value, MixedTraining.OfEverything(6, workers, prefetch));
    }

    [Theory]
    [InlineData("training", "DOTNET_EnableAVX512")]
    [InlineData("training", "DOTNET_EnableAVX2")]
    [InlineData("training", "DOTNET_EnableHWIntrinsic")]
    [InlineData("training", "DOTNET_TieredCompilation")]
    [InlineData("training on threads", "DOTNET_EnableHWIntrinsic")]
    public void Training_with_other_instruction_sets_and_compilers_is_reproducible_bit_for_bit(string probe, string without) =>
        Assert.Equal(ShortRuns.Value.Trim(), ChildProbe.Run(probe, (without, "0")));

    /// <summary>
    /// The bits themselves, as seen on x86 with every set of instructions. Where this fails on a machine, its bits are not ours; where it
    /// fails after a change, old specifications and seeds make other models from then on, which the change log says if it is meant. Nothing
    /// in these runs comes from the platform's own sines, logarithms or random numbers; the other tests of this class hold them to these
    /// bits with fewer instructions, more threads and another compiler.
    /// </summary>
    [Fact]
    public void Training_hashes_of_weights_equal_the_pinned_ones()
    {
        string[] expected =
        [
            "24445273b6b3e163 f51191c40ee9f254",
            "e1a9366f5012215a a36802682ef01038",
            "54702f5fe345d760 234b736881b0712a ce17c797993a133c",
            "00569c11926a5e96 19023d0acdacbf96",
            "0239da7325f111db 1ab7f7492f960d8a",
        ];
        string[] found =
        [
            Start(TrainingHash.OfDense(20)),
            Start(TrainingHash.OfWide(5)),
            Start(TrainingHash.OfManyUnits(2)),
            Start(TrainingHash.OfConvolutional(3)),
            Start(MixedTraining.OfPictures(3)),
        ];
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(Environment.NewLine, found));
        Assert.Equal(expected, found);

        // The first digits of the hash of the weights of each run: in float, then in double.
        static string Start(string hashes) =>
            string.Join(' ', hashes.Split(' ').Where(part => part.Length == 64).Select(hash => hash[..16]));
    }

    [Fact]
    public void MixedTraining_contains_every_layer_of_the_library()
    {
        IEnumerable<Layer> trained = LayerParts.Of(MixedTraining.Pictures).Concat(LayerParts.Of(MixedTraining.Vectors));
        Assert.Empty(LibraryTypes.Of<Layer>().Except(trained.Select(layer => layer.GetType())));
    }
}
