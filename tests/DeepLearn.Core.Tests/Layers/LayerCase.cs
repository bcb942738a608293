using DeepLearn.Layers;
using DeepLearn.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// A kind of layer in the contract suite: a generator of its options with shapes that fit, and one instance large enough for threads to
/// share.
/// </summary>
public sealed record LayerCase(string Name, Gen<(Layer Layer, Shape Input)> Layers, LayerSample Large)
{
    private static readonly Gen<Shape> Vector = Gen.Choose(1, 11).Select(count => new Shape(count));

    private static readonly Gen<Shape> Image =
        from height in Gen.Choose(1, 6)
        from width in Gen.Choose(1, 6)
        from channels in Gen.Choose(1, 9)
        select new Shape(height, width, channels);

    private static readonly Gen<Shape> Any = Gen.OneOf(Vector, Image);

    private static readonly Gen<double> Factor = Gen.Choose(0, 20).Select(tenths => tenths / 10.0);

    /// <summary>Every layer of the library, one row each.</summary>
    public static LayerCase[] All { get; } =
    [
        Row("Dense", Wide(new Dense(70)), from units in Gen.Choose(1, 7) from biases in Flag from input in Any
            select ((Layer)new Dense(units) { HasBiases = biases }, input)),
        Row("Relu", Wide(new Relu()), Same(Any, new Relu())),
        Row("LeakyRelu", Wide(new LeakyRelu()), from slope in Factor from input in Any select ((Layer)new LeakyRelu(slope), input)),
        Row("Elu", Wide(new Elu(0.7)), from alpha in Factor from input in Any select ((Layer)new Elu(alpha), input)),
        Row("Gelu", Wide(new Gelu()), Same(Any, new Gelu())),
        Row("Gelu, tanh form", Wide(new Gelu(GeluForm.Tanh)), Same(Any, new Gelu(GeluForm.Tanh))),
        Row("Silu", Wide(new Silu()), Same(Any, new Silu())),
        Row("Sigmoid", Wide(new Sigmoid()), Same(Any, new Sigmoid())),
        Row("Tanh", Wide(new Tanh()), Same(Any, new Tanh())),
        Row("Softplus", Wide(new Softplus()), Same(Any, new Softplus())),
        Row("Dropout", Wide(new Dropout(0.3)), from tenths in Gen.Choose(0, 9) from input in Any
            select ((Layer)new Dropout(tenths / 10.0), input)),
        Row("Flatten", Pictures(new Flatten()), Same(Any, new Flatten())),
        Row(
            "BatchNorm without a scale", Pictures(new BatchNorm { HasScale = false }), from momentum in Gen.Choose(0, 9) from input in Any
            select ((Layer)new BatchNorm { Momentum = momentum / 10.0, Epsilon = 1e-3, HasScale = false }, input)),
        Row("BatchNorm", Pictures(new BatchNorm()), from momentum in Gen.Choose(0, 9) from input in Any
            select ((Layer)new BatchNorm { Momentum = momentum / 10.0, Epsilon = 1e-3 }, input)),
        Row("LayerNorm", Pictures(new LayerNorm()), from tenths in Gen.Choose(1, 9) from input in Any
            select ((Layer)new LayerNorm { Epsilon = tenths / 10.0 }, input)),
        Row("Convolution2D", Pictures(new Convolution2D(20, 3) { Padding = 1 }), Convolutions()),
        Row(
            "Convolution2D, strided",
            Pictures(new Convolution2D(18, 3) { Stride = 2, Padding = Padding2D.Same, Groups = 3 }),
            Convolutions(4)),
        Row("Convolution2D, depthwise", Pictures(new Convolution2D(9, 3) { Groups = 9, Padding = 1, Stride = 2 }), Depthwise(1)),
        Row(
            "Convolution2D, depthwise, several filters of each channel",
            Pictures(
                new Convolution2D(18, new(3, 2)) { Groups = 9, Stride = new(2, 1), Dilation = new(1, 2), Padding = Padding2D.Of(1, 2) }),
            Depthwise(3)),
        Row("MaxPool", Pictures(new MaxPool(3) { Stride = 2, Padding = 1 }), from pool in Windows from input in Image
            where pool.Fits(input) select ((Layer)new MaxPool(pool.Window) { Stride = pool.Stride, Padding = pool.Padding }, input)),
        Row("AveragePool", Pictures(new AveragePool(2)), from pool in Windows from counts in Flag from input in Image where pool.Fits(input)
            select ((Layer)new AveragePool(pool.Window) { Stride = pool.Stride, Padding = pool.Padding, CountsPadding = counts }, input)),
        Row("GlobalAveragePool", Pictures(new GlobalAveragePool()), Same(Image, new GlobalAveragePool())),
        Row("Residual", Pictures(new Residual(new Sequential(Conv(9), new BatchNorm(), new Relu(), Conv(9)))), Residuals()),
        Row(
            "Sequential",
            Pictures(new Sequential(Conv(8), new Relu(), new MaxPool(2), new Dense(5), new Tanh(), new Dropout())),
            Sequences()),
        Row(
            "Ensemble",
            Pictures(
                new Ensemble(
                    EnsembleCombination.Average, new Dense(5), new Sequential(Conv(4), new BatchNorm(), new Relu(), new Dense(5)))),
            Ensembles()),
        Row(
            "TestTimeAugmentation",
            Pictures(new TestTimeAugmentation(
                new Sequential(Conv(4), new BatchNorm(), new Relu(), new Dense(5)), TestTimeAugmentation.MirrorsAndShifts())),
            Augmentations()),
    ];

    private static Gen<bool> Flag => Gen.Elements(true, false);

    private static Gen<PoolSample> Windows =>
        from height in Gen.Choose(1, 3)
        from width in Gen.Choose(1, 3)
        from down in Gen.Choose(1, 3)
        from across in Gen.Choose(1, 3)
        from same in Flag
        from top in Gen.Choose(0, height - 1)
        from left in Gen.Choose(0, width - 1)
        select new PoolSample(new(height, width), new(down, across), same ? Padding2D.Same : Padding2D.Of(top, left));

    public override string ToString() => Name;

    private static LayerCase Row(string name, LayerSample large, Gen<(Layer, Shape)> layers) => new(name, layers, large);

    private static LayerSample Wide(Layer layer) => new(layer, 1_037, 71, 1);

    private static LayerSample Pictures(Layer layer) => new(layer, new Shape(14, 13, 9), 37, 1);

    private static Gen<(Layer, Shape)> Same(Gen<Shape> shapes, Layer layer) => shapes.Select(shape => (layer, shape));

    private static Convolution2D Conv(int filters) => new(filters, 3) { Padding = 1 };

    private static Gen<(Layer, Shape)> Convolutions(int mostStride = 1) =>
        from height in Gen.Choose(1, 4)
        from width in Gen.Choose(1, 4)
        from down in Gen.Choose(1, mostStride)
        from across in Gen.Choose(1, mostStride)
        from apart in Gen.Choose(1, 3)
        from aside in Gen.Choose(1, 3)
        from padding in Gen.Choose(-1, 3)
        from margin in Gen.Choose(0, 3)
        from groups in Gen.Choose(1, 3)
        from filters in Gen.Choose(1, 4)
        from channels in Gen.Choose(1, 3)
        from biases in Flag
        from image in Image
        let layer = new Convolution2D(filters * groups, new(height, width))
        {
            Stride = new(down, across),
            Dilation = new(apart, aside),
            Padding = padding < 0 ? Padding2D.Same : Padding2D.Of(padding, margin),
            Groups = groups,
            HasBiases = biases,
        }
        let input = new Shape(image[0], image[1], channels * groups)
        where Fits(layer, input)
        select ((Layer)layer, input);

    private static Gen<(Layer, Shape)> Depthwise(int mostFilters) =>
        from height in Gen.Choose(1, 3)
        from width in Gen.Choose(1, 3)
        from down in Gen.Choose(1, 3)
        from across in Gen.Choose(1, 3)
        from apart in Gen.Choose(1, 2)
        from aside in Gen.Choose(1, 2)
        from padding in Gen.Choose(-1, 2)
        from margin in Gen.Choose(0, 2)
        from filters in Gen.Choose(1, mostFilters)
        from biases in Flag
        from input in Image
        let layer = new Convolution2D(filters * input[2], new(height, width))
        {
            Stride = new(down, across),
            Dilation = new(apart, aside),
            Groups = input[2],
            Padding = padding < 0 ? Padding2D.Same : Padding2D.Of(padding, margin),
            HasBiases = biases,
        }
        where Fits(layer, input)
        select ((Layer)layer, input);

    private static Gen<(Layer, Shape)> Ensembles() =>
        from input in Any
        from outputs in Gen.Choose(2, 4)
        from more in Gen.Choose(0, 2)
        let members = new Layer[] { new Dense(outputs), new Sequential(new Dense(3), new Tanh(), new Dense(outputs)), new Dense(outputs) }
        select ((Layer)new Ensemble(EnsembleCombination.Average, members[..(1 + more)]), input);

    private static Gen<(Layer, Shape)> Augmentations() =>
        from input in Image
        from views in Gen.Choose(1, 4)
        from down in Gen.Choose(-5, 5)
        from right in Gen.Choose(-5, 5)
        from mirrored in Flag
        from kind in Gen.Choose(0, 3)
        let tanh = new Sequential(Conv(2), new Tanh())
        let network = (Layer)(kind switch { 0 => new Dense(3), 1 => new Dropout(0.4), 2 => Conv(3), _ => tanh })
        let view = new ImageView { Down = down, Right = right, Mirrored = mirrored, Weight = 0.3 }
        let all = Enumerable.Range(0, views).Select(i => i == 0 ? view : new ImageView { Mirrored = i > 1 })
        let layer = new TestTimeAugmentation(network, [.. all])
        where Fits(layer, input)
        select ((Layer)layer, input);

    private static Gen<(Layer, Shape)> Residuals() =>
        from input in Image
        from projected in Flag
        from kind in Gen.Choose(0, 3)
        let last = (Layer)(kind switch { 0 => new Tanh(), 1 => new Relu(), 2 => new Dropout(0.4), _ => Conv(projected ? 3 : input[2]) })
        let branch = new Sequential(Conv(projected ? 3 : input[2]), last)
        select ((Layer)new Residual(branch, projected ? new Convolution2D(3, 1) : null), input);

    private static Gen<(Layer, Shape)> Sequences() =>
        from input in Any
        from first in Gen.Choose(1, 4)
        from kind in Gen.Choose(0, 3)
        let middle = (Layer)(kind switch { 0 => new Tanh(), 1 => new Silu(), 2 => new Dropout(0.4), _ => new BatchNorm { Epsilon = 0.1 } })
        select ((Layer)new Sequential(new Dense(first), new Sequential(middle, new Elu()), new Dense(2), new Sigmoid()), input);

    private static bool Fits(Layer layer, Shape input)
    {
        try
        {
            layer.OutputShape(input);
            return true;
        }
        catch (ShapeMismatchException)
        {
            return false;
        }
    }

    private sealed record PoolSample(Extent2D Window, Extent2D Stride, Padding2D Padding)
    {
        public bool Fits(Shape input) => LayerCase.Fits(new MaxPool(Window) { Stride = Stride, Padding = Padding }, input);
    }
}
