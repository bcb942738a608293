using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Outputs stay in the range that a layer names, and come near to its ends where these are finite.</summary>
public class OutputRangeTests
{
    // Each layer, and whether the range has a finite least and a finite greatest number.
    private static readonly (Layer Layer, bool Below, bool Above)[] Rows =
    [
        (new Sigmoid(), true, true),
        (new Tanh(), true, true),
        (new Relu(), true, false),
        (new LeakyRelu(), false, false),
        (new LeakyRelu(0), true, false),
        (new Elu(), true, false),
        (new Elu(2.5), true, false),
        (new Softplus(), true, false),
        (new Silu(), true, false),
        (new Gelu(), true, false),
        (new Gelu(GeluForm.Tanh), true, false),
        (new Dropout(0.5), false, false),
        (new Flatten(), false, false),
        (new MaxPool(2), false, false),
        (new AveragePool(2), false, false),
        (new GlobalAveragePool(), false, false),
        (new Dense(4), false, false),
        (new Convolution2D(2, 3), false, false),
        (new BatchNorm(), false, false),
        (new LayerNorm(), false, false),
        (new Residual(new Tanh()), false, false),
        (new Sequential(new Tanh(), new Residual(new Tanh())), true, true),
        (new Sequential(new Relu(), new Sigmoid()), true, true),
        (new Sequential(new Sigmoid(), new AveragePool(3) { Padding = 1, CountsPadding = true }), true, true),
        (new Sequential(new Sigmoid(), new Softplus()), true, true),
        (new Sequential(new Tanh(), new Silu()), true, true),
        (new Ensemble(EnsembleCombination.Average, new Flatten(), new Flatten()), true, true),
        (new TestTimeAugmentation(new Sequential(new Flatten(), new Tanh()), TestTimeAugmentation.Mirrors()), true, true),
    ];

    [Fact]
    public void OutputRange_has_a_row_for_every_layer_of_the_library() => Assert.Empty(
        LibraryTypes.Of<Layer>().Except(Rows.Select(row => row.Layer.GetType())));

    [Fact]
    public void OutputRange_holds_every_output_and_ends_where_they_end()
    {
        RandomStream random = RandomKey.FromSeed(5).Open();
        foreach ((Layer layer, bool below, bool above) in Rows)
        {
            NumberRange range = layer.OutputRange(NumberRange.All);
            Assert.True((below, above) == (double.IsFinite(range.Least), double.IsFinite(range.Greatest)), $"{layer}: {range}");
            Model<double> model = layer.Build<double>(new Shape(6, 6, 3), 1);
            double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
            foreach (double size in new[] { 0.5, 3, 100, 1000 })
            {
                var inputs = new Matrix<double>(50, 108);
                foreach (ref double input in inputs.AsSpan())
                    input = size * ((2 * random.NextUniform()) - 1);

                // A whole image of one sign too, so that means reach the ends.
                inputs.Row(0).Fill(size);
                inputs.Row(1).Fill(-size);
                foreach (double output in model.Predict(inputs).AsSpan())
                    (least, greatest) = (Math.Min(least, output), Math.Max(greatest, output));
            }
            Assert.True(range.Least <= least + 1e-9 && range.Greatest >= greatest - 1e-9, $"{layer}: {range}, found {least} to {greatest}");
            if (below)
                Assert.True(least - range.Least < 1e-2, $"{layer}: {range}, found {least} at least");
            if (above)
                Assert.True(range.Greatest - greatest < 1e-2, $"{layer}: {range}, found {greatest} at most");
        }
    }

    [Fact]
    public void NumberRange_says_what_it_holds()
    {
        Assert.Equal("from -1 to 1", new NumberRange(-1, 1).ToString());
        Assert.Equal("at least 0", new NumberRange(0, double.PositiveInfinity).ToString());
        Assert.Equal("at most 0.5", new NumberRange(double.NegativeInfinity, 0.5).ToString());
        Assert.Equal("any number", NumberRange.All.ToString());
        Assert.Equal(new NumberRange(-1, 3), new NumberRange(-1, 1) + new NumberRange(0, 2));
        Assert.Equal(new NumberRange(0, 2), new NumberRange(1, 2).With(0));
        Assert.Equal(new NumberRange(1, 4), new NumberRange(1, 2).Rising(x => x * x));
        Assert.Throws<ArgumentException>(() => new NumberRange(1, 0));
        Assert.Throws<ArgumentException>(() => new NumberRange(double.NaN, 0));
    }
}
