using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A network that in prediction looks at each image in several ways and gives the weighted mean of its outputs. In training it is the
/// network itself.
/// </summary>
/// <remarks>
/// Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", 2012, take the mean over ten crops;
/// the views of <see cref="MirrorsAndShifts"/> and their weights are those of Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU",
/// 2024, where too the mean is that of the outputs, before the softmax. A prediction takes as many times as long as there are views.
/// Parameters have the names that they have in the network by itself, so that either takes the weights of the other.
/// </remarks>
/// <example><code>
/// Model&lt;float&gt; twoViews = model.WithTestTimeAugmentation(TestTimeAugmentation.Mirrors());
/// Matrix&lt;float&gt; scores = twoViews.Predict(new Matrix&lt;float&gt;(5, model.InputShape.Count));
/// </code></example>
public sealed record TestTimeAugmentation : Layer
{
    /// <summary>Looks at images in several ways.</summary>
    /// <param name="network">The network; it takes images <c>[height, width, channels]</c>.</param>
    /// <param name="views">The ways to look at an image, at least one.</param>
    /// <exception cref="ArgumentException">
    /// There is no view, or the weight of one is not finite and above 0, or the sum of the weights is not finite.
    /// </exception>
    public TestTimeAugmentation(Layer network, params ImageView[] views)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(views);
        if (views.Length == 0)
            throw new ArgumentException("An image is looked at in at least one way; found none.", nameof(views));
        foreach (ImageView view in views)
        {
            if (!double.IsFinite(view.Weight) || view.Weight <= 0)
                throw new ArgumentException($"The weight of a view is finite and above 0; found {view}.", nameof(views));
        }
        if (!double.IsFinite(views.Sum(view => view.Weight)))
        {
            throw new ArgumentException(
                "The weights of views have a finite sum, of which each is a share; found one that is not.", nameof(views));
        }
        Network = network;
        Views = ValueList.Create(views);
    }

    /// <summary>The network.</summary>
    public Layer Network { get; }

    /// <summary>The ways to look at an image.</summary>
    public ValueList<ImageView> Views { get; }

    /// <summary>The image and its mirror image; an array of the caller's own.</summary>
    public static ImageView[] Mirrors() => [new ImageView(), new ImageView { Mirrored = true }];

    /// <summary>
    /// Six views: the image, half of the weight, and the image moved up and left and moved down and right, a quarter each; each of the
    /// three also mirrored.
    /// </summary>
    /// <param name="distance">How many pixels the image is moved along both axes, at least 1. Default 1.</param>
    /// <returns>An array of the caller's own.</returns>
    public static ImageView[] MirrorsAndShifts(int distance = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(distance, 1);
        return
        [
            .. new[] { 0, distance, -distance }.SelectMany(moved => Mirrors().Select(view => view with
            {
                Down = moved,
                Right = moved,
                Weight = moved == 0 ? 2 : 1,
            })),
        ];
    }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Network.GetNonlinearity();

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireInput(input.Rank == 3, "an image [height, width, channels]", input);
        foreach (ImageView view in Views)
        {
            RequireInput(
                Math.Abs((long)view.Down) < input[0] && Math.Abs((long)view.Right) < input[1],
                $"images that can be moved by {view.Down} down and {view.Right} to the right, which reflect fewer pixels than they have",
                input);
        }
        return Network.OutputShape(input);
    }

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input) => true;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => Network.OutputRange(input);

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        OutputShape(build.Input);
        return new TestTimeAugmentationRuntime<T>(this, Network.CreateRuntime<T>(build));
    }
}
