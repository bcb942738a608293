using DeepLearn.Foundation;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The mean of each window of an image <c>[height, width, channels]</c>, channel by channel (LeCun, Bottou, Bengio and Haffner,
/// "Gradient-Based Learning Applied to Document Recognition", 1998, without that paper's trained factors).
/// </summary>
/// <remarks>
/// The output is <c>[output height, output width, channels]</c>, where an output extent is <c>floor((input + padding - window) / stride) +
/// 1</c>, the padding of both sides counted. A window that reaches into the padding has the mean of its elements within the image, as in
/// TensorFlow. PyTorch counts the zeros of the padding by default; here <see cref="CountsPadding"/> does.
/// </remarks>
/// <example><code>
/// Console.WriteLine(new AveragePool(3) { Stride = 2, Padding = 1 }.OutputShape(new Shape(32, 32, 16)));    // prints [16, 16, 16]
/// </code></example>
public sealed record AveragePool : Layer
{
    /// <summary>Makes a pooling. Its windows do not overlap, unless <see cref="Stride"/> says otherwise.</summary>
    /// <param name="window">The size of a window, at least 1 both ways; a number for a square.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side of <paramref name="window"/> is below 1, or the window has 2^31 places or more.
    /// </exception>
    public AveragePool(Extent2D window)
    {
        window = window.Require(nameof(window));
        if ((long)window.Height * window.Width > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(window), window, "A window has at most 2,147,483,647 places.");
        Window = window;
        Stride = window;
    }

    /// <summary>The size of a window, at least 1 both ways.</summary>
    public Extent2D Window { get; }

    /// <summary>The distance between neighboring windows, at least 1 both ways. Default: the window.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public Extent2D Stride { get; init => field = value.Require(nameof(Stride)); }

    /// <summary>The padding, less than the window both ways. Default none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not less than the window.</exception>
    public Padding2D Padding { get; init => field = PoolGuard.Padding(value, Window); }

    /// <summary>Whether the padding counts as zeros, so that every mean is over a whole window. Default false.</summary>
    public bool CountsPadding { get; init; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.PassesOn;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        PoolGeometry geometry = Geometry(input);
        return new(geometry.Vertical.Output, geometry.Horizontal.Output, geometry.Channels);
    }

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input) => true;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => CountsPadding ? input.With(0) : input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new AveragePoolRuntime<T>(build.Input, OutputShape(build.Input), Geometry(build.Input), CountsPadding);
    }

    private PoolGeometry Geometry(Shape input)
    {
        PoolGeometry? geometry = PoolGuard.TryGeometry(input, Window, Stride, Padding, out string expected);
        RequireInput(geometry is not null, expected, input);
        return geometry!;
    }
}
