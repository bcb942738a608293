using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using DeepLearn.Verification;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// What every layer promises; the suite is <see cref="LayerContract"/>. A new one joins by a row in <see cref="LayerCase.All"/>.
/// </summary>
public class LayerContractTests
{
    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    [Fact]
    public void Layers_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Layer>().Except(LayerCase.All.Select(row => row.Large.Layer.GetType())));

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_keeps_the_contract(LayerCase layer) => ForAll(layer, 6, sample =>
    {
        sample = (sample with { Batch = Math.Max(sample.Batch, 2) }).Clear();
        var options = new LayerContractOptions { Batch = sample.Batch, LargeBatch = sample.Batch + 9, Seed = (ulong)sample.Seed };
        LayerContract.Check(sample.Layer, sample.Input, options).ThrowIfFailed();
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_that_threads_share_keeps_the_contract(LayerCase layer)
    {
        LayerSample sample = (layer.Large with { Batch = 2 }).Clear();
        var options = new LayerContractOptions
        { Batch = 2, LargeBatch = layer.Large.Batch, Seed = (ulong)sample.Seed, GradientElements = 6 };
        LayerContract.Check(sample.Layer, sample.Input, options).ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_gradient_equals_the_numeric_derivative(LayerCase layer) => ForAll(layer, 20, sample =>
    {
        sample = sample.Clear();
        Model<double> model = sample.Build<double>();
        Matrix<double> examples = sample.Examples<double>();
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", model.OutputShape.Count));
        var options = new GradientCheckOptions { IncludesInput = true, ElementsPerParameter = 24, Key = sample.Noise };
        GradientChecker.Check(model, new MeanSquaredError(), Regularizer.None, examples, targets, options).ThrowIfFailed();
    });

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layer_training_differs_from_inference_exactly_where_it_should(LayerCase layer)
    {
        Model<float> model = layer.Large.Build<float>();
        float[] inference = LayerRun<float>.Infer(layer.Large, model);
        float[] training = LayerRun<float>.Train(layer.Large, model, model.CreateWorkspace(layer.Large.Batch, RunMode.Training)).Outputs;
        if (Contains(layer.Large.Layer, part => part is Dropout or BatchNorm))
            Assert.NotEqual(inference, training);
        else
            AssertSameBits(inference, training);
        Assert.Equal(Contains(layer.Large.Layer, part => part is BatchNorm), model.Buffers.Count > 0);
    }

    private static bool Contains(Layer layer, Func<Layer, bool> predicate) => LayerParts.Of(layer).Any(predicate);

    private static void AssertSameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> found)
        where T : unmanaged =>
        Assert.Equal(MemoryMarshal.AsBytes(expected).ToArray(), MemoryMarshal.AsBytes(found).ToArray());

    private static void AssertSameBits<T>(T[] expected, T[] found)
        where T : unmanaged => AssertSameBits<T>(expected.AsSpan(), found.AsSpan());

    /// <summary>Tries a property; a failure tells the seed to replay and the smallest sample found.</summary>
    private static void ForAll(LayerCase layer, int tries, Action<LayerSample> property) =>
        Prop.ForAll(LayerSample.ArbitraryOf(layer.Layers), property)
            .Check(RandomCases.Of(tries).WithName(layer.Name));
}
