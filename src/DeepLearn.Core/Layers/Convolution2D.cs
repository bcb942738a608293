using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A convolution of images <c>[height, width, channels]</c> (LeCun, Boser, Denker et al., "Backpropagation Applied to Handwritten Zip Code
/// Recognition", 1989): <c>output[y, x, f] = b[f] + sum over i, j, c of input[y * stride - padding + i * dilation, x * stride - padding + j
/// * dilation, c] * W[(i, j, c), f]</c>, with zeros outside the image.
/// </summary>
/// <remarks>
/// <para>
/// The output is <c>[output height, output width, filters]</c>, where an output extent is <c>floor((input + padding - (kernel - 1) *
/// dilation - 1) / stride) + 1</c>, the padding of both sides counted. As everywhere in the field, this is a correlation: the kernel is not
/// flipped.
/// </para>
/// <para>
/// The weights are a matrix <c>[kernel height * kernel width * channels / groups, filters]</c>, with rows in the order of a patch: kernel
/// row, kernel column, channel. With g groups, the channels and the filters are divided into g runs of neighbors, and a filter sees only
/// the channels of its own run (Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012).
/// As many groups as channels make a depthwise convolution.
/// </para>
/// </remarks>
/// <example><code>
/// var convolution = new Convolution2D(filters: 16, kernel: 3) { Padding = Padding2D.Same, Stride = 2 };
/// Console.WriteLine(convolution.OutputShape(new Shape(32, 32, 3)));    // prints [16, 16, 16]
///
/// var network = new Sequential(convolution, new BatchNorm(), new Relu(), new GlobalAveragePool(), new Dense(10));
/// </code></example>
public sealed record Convolution2D : Layer
{
    /// <summary>Makes a convolution.</summary>
    /// <param name="filters">The number of channels of the output, at least 1.</param>
    /// <param name="kernel">The size of the kernel, at least 1 both ways; a number for a square.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="filters"/> or a side of <paramref name="kernel"/> is below 1.
    /// </exception>
    public Convolution2D(int filters, Extent2D kernel)
    {
        if (filters < 1)
            throw new ArgumentOutOfRangeException(nameof(filters), filters, "A convolution has at least one filter.");
        Filters = filters;
        Kernel = kernel.Require(nameof(kernel));
    }

    /// <summary>The number of channels of the output, at least 1.</summary>
    public int Filters { get; }

    /// <summary>The size of the kernel, at least 1 both ways.</summary>
    public Extent2D Kernel { get; }

    /// <summary>The distance between neighboring patches, at least 1 both ways. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public Extent2D Stride { get; init => field = value.Require(nameof(Stride)); } = 1;

    /// <summary>The zeros that are added around the image. Default none.</summary>
    public Padding2D Padding { get; init; }

    /// <summary>
    /// The distance between neighboring elements of a patch, at least 1 both ways (Yu and Koltun, "Multi-Scale Context Aggregation by
    /// Dilated Convolutions", 2016). Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public Extent2D Dilation { get; init => field = value.Require(nameof(Dilation)); } = 1;

    /// <summary>The number of groups that channels and filters are divided into; a divisor of both numbers. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1, or no divisor of the filters.</exception>
    public int Groups
    {
        get;
        init
        {
            if (value < 1 || Filters % value != 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(Groups), value, $"The number of groups divides the number of filters, {Filters}.");
            }
            field = value;
        }
    } = 1;

    /// <summary>How the convolution is computed. Default: <see cref="ConvolutionAlgorithm.Fastest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No algorithm.</exception>
    public ConvolutionAlgorithm Algorithm
    {
        get;
        init => field = Enum.IsDefined(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Algorithm), value, "An algorithm is Accurate, Direct or Fastest.");
    } = ConvolutionAlgorithm.Fastest;

    /// <summary>
    /// How the weights begin; the fan-in is a patch of one group. Default: <see cref="Initializer.Automatic"/>, by what follows.
    /// </summary>
    public Initializer Weights { get; init => field = PropertyGuard.NotNull(value); } = Initializer.Automatic;

    /// <summary>How the biases begin. Default: zero. Without effect where there are none.</summary>
    public Initializer Biases { get; init => field = PropertyGuard.NotNull(value); } = ConstantInitializer.Zero;

    /// <summary>
    /// Whether there are biases. Default true. Before a <see cref="BatchNorm"/> they have no effect, and false saves their work.
    /// </summary>
    public bool HasBiases { get; init; } = true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ConvolutionGeometry geometry = Geometry(input);
        return new(geometry.Vertical.Output, geometry.Horizontal.Output, Filters);
    }

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input) => true;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new Convolution2DRuntime<T>(this, build);
    }

    /// <summary>The convolution for an input shape.</summary>
    /// <exception cref="ShapeMismatchException">The layer does not take such an input.</exception>
    internal ConvolutionGeometry Geometry(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireInput(input.Rank == 3, "an image [height, width, channels]", input);
        RequireInput(input[2] % Groups == 0, $"a number of channels that its {Groups} groups divide", input);
        (WindowAxis Vertical, WindowAxis Horizontal)? axes = Padding.Axes(input, Kernel, Stride, Dilation);
        RequireInput(axes is not null, "images that with their padding have sides below 16,777,216", input);
        (WindowAxis vertical, WindowAxis horizontal) = axes!.Value;
        RequireInput(
            vertical.Output > 0 && horizontal.Output > 0,
            $"images that with their padding are at least {vertical.Span}x{horizontal.Span}",
            input);
        RequireInput(
            ConvolutionGeometry.IsAddressable(vertical, horizontal, input[2], Filters), "smaller images or kernels", input);
        return new(vertical, horizontal, input[2], Filters, Groups);
    }
}
