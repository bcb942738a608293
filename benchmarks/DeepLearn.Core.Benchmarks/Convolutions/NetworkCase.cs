using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>A network of convolutions for images of 32x32x3 and ten classes, and a batch size.</summary>
/// <param name="Name">The name.</param>
/// <param name="Network">The network.</param>
/// <param name="Batch">The number of images.</param>
internal sealed record NetworkCase(string Name, Sequential Network, int Batch)
{
    /// <summary>
    /// Residual networks of three widths, one of patches, one of depthwise-separable convolutions, and the two of the sample
    /// BeyondTheReport that go furthest: <c>convolutional</c>, and <c>ninety-four</c> with a quarter of its batch.
    /// </summary>
    public static IReadOnlyList<NetworkCase> All { get; } =
    [
        new("residual 16", Residual(16), 128),
        new("residual 32", Residual(32), 64),
        new("residual 64", Residual(64), 64),
        new("patches 64", Patches(64), 64),
        new("separable 32", Separable(32), 64),
        new("convolutional 16", Convolutional(16), 128),
        new("ninety-four", NinetyFour(), 500),
    ];

    /// <summary>The shape of an image.</summary>
    public static Shape Image { get; } = new(32, 32, 3);

    /// <summary>The floating-point operations of a prediction, two for each term within the image.</summary>
    public double PredictionFlops => Batch * Flops(Network, Image).Sum();

    /// <summary>
    /// The floating-point operations of a step: three times those of a prediction, without those for the gradient of the images, which is
    /// not computed.
    /// </summary>
    public double StepFlops => (3 * PredictionFlops) - (Batch * Flops(Network, Image).First(flops => flops > 0));

    /// <summary>The description, for filters and tables.</summary>
    public override string ToString() => $"{Name} batch {Batch}";

    /// <summary>
    /// A residual network after Page's entry to DAWNBench. The last layers have eight times as many channels as the first.
    /// </summary>
    private static Sequential Residual(int width) => new(
    [
        .. Block(width), .. Block(2 * width), new MaxPool(2), Around(2 * width),
        .. Block(4 * width), new MaxPool(2), .. Block(8 * width), new MaxPool(2), Around(8 * width),
        new GlobalAveragePool(), new Dense(10),
    ]);

    /// <summary>As the residual network, with normalization and ReLU behind the pooling, where they have a quarter of the work.</summary>
    private static Sequential Convolutional(int width) => new(
    [
        .. Block(width), .. PooledBlock(2 * width), Around(2 * width), .. PooledBlock(4 * width), .. PooledBlock(8 * width),
        Around(8 * width), new GlobalAveragePool(), new Dense(10),
    ]);

    /// <summary>The network of Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024.</summary>
    private static Sequential NinetyFour()
    {
        List<Layer> layers = [new Convolution2D(24, 2), new Gelu()];
        foreach (int filters in (int[])[64, 256, 256])
        {
            var convolution = new Convolution2D(filters, 3) { Padding = 1, HasBiases = false };
            var norm = new BatchNorm { HasScale = false };
            layers.AddRange([convolution, new MaxPool(2), norm, new Gelu(), convolution, norm, new Gelu()]);
        }
        return new([.. layers, new MaxPool(3), new Flatten(), new Dense(10) { HasBiases = false }]);
    }

    private static Layer[] PooledBlock(int filters) =>
        [new Convolution2D(filters, 3) { Padding = 1, HasBiases = false }, new MaxPool(2), new BatchNorm(), new Relu()];

    private static Layer[] Block(int filters) =>
        [new Convolution2D(filters, 3) { Padding = 1, HasBiases = false }, new BatchNorm(), new Relu()];

    private static Residual Around(int filters) => new(new Sequential([.. Block(filters), .. Block(filters)]));

    /// <summary>A network of patches, mixed within and across channels (Trockman and Kolter, "Patches Are All You Need?", 2022).</summary>
    private static Sequential Patches(int width)
    {
        List<Layer> layers = [new Convolution2D(width, 4) { Stride = 4 }, new Gelu(), new BatchNorm()];
        for (int i = 0; i < 4; i++)
        {
            var depthwise = new Convolution2D(width, 5) { Padding = 2, Groups = width };
            layers.Add(new Residual(new Sequential(depthwise, new Gelu(), new BatchNorm())));
            layers.AddRange([new Convolution2D(width, 1), new Gelu(), new BatchNorm()]);
        }
        return new([.. layers, new GlobalAveragePool(), new Dense(10)]);
    }

    /// <summary>Depthwise-separable convolutions (Howard et al., "MobileNets", 2017).</summary>
    private static Sequential Separable(int width)
    {
        List<Layer> layers = [.. Block(width)];
        int channels = width;
        foreach ((int times, int stride) in new[] { (2, 1), (4, 2), (4, 1), (8, 2), (8, 1) })
        {
            int filters = times * width;
            layers.AddRange(
            [
                new Convolution2D(channels, 3) { Padding = 1, Stride = stride, Groups = channels, HasBiases = false }, new BatchNorm(),
                new Relu(), new Convolution2D(filters, 1) { HasBiases = false }, new BatchNorm(), new Relu(),
            ]);
            channels = filters;
        }
        return new([.. layers, new GlobalAveragePool(), new Dense(10)]);
    }

    private static IEnumerable<double> Flops(Layer layer, Shape input)
    {
        switch (layer)
        {
            case Sequential sequence:
                foreach (Layer inner in sequence.Layers)
                {
                    foreach (double flops in Flops(inner, input))
                        yield return flops;
                    input = inner.OutputShape(input);
                }
                break;
            case Residual residual:
                foreach (double flops in Flops(residual.Branch, input))
                    yield return flops;
                break;
            case Dense dense:
                yield return 2.0 * input.Count * dense.OutputShape(input).Count;
                break;
            case Convolution2D convolution:
                int padding = convolution.Padding.Height, kernel = convolution.Kernel.Height;
                var like = new ConvolutionCase(
                    input[0], input[2], convolution.Filters, kernel, convolution.Stride.Height, convolution.Groups, 1);
                yield return padding == like.Padding ? like.Flops : 2.0 * layer.OutputShape(input).Count * kernel * kernel * input[2];
                break;
        }
    }
}
