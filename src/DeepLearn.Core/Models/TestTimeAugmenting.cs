using System.Numerics;
using DeepLearn.Layers;

namespace DeepLearn.Models;

/// <summary>Makes of a model one that looks at images in several ways.</summary>
/// <example><code>
/// Model&lt;float&gt; fiveViews = model.WithTestTimeAugmentation(TestTimeAugmentation.MirrorsAndShifts(distance: 1));
/// </code></example>
public static class TestTimeAugmenting
{
    /// <summary>
    /// A model of <see cref="TestTimeAugmentation"/> over the same parameters and with the same card: it predicts the mean over the views,
    /// by itself, in an evaluation, in a <c>Predictor</c> or from a file. Training either trains both.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model; it takes images <c>[height, width, channels]</c>.</param>
    /// <param name="views">
    /// The ways to look at an image, such as <see cref="TestTimeAugmentation.MirrorsAndShifts"/>; none for those.
    /// </param>
    /// <exception cref="ShapeMismatchException">The model does not take images, or smaller ones than the views move them by.</exception>
    /// <exception cref="ArgumentException">A view has no weight.</exception>
    public static Model<T> WithTestTimeAugmentation<T>(this Model<T> model, params ImageView[] views)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(views);
        var network = new TestTimeAugmentation(model.Network, views.Length == 0 ? TestTimeAugmentation.MirrorsAndShifts() : views);
        network.OutputShape(model.InputShape);
        return new(network, new TestTimeAugmentationRuntime<T>(network, model.Runtime)) { Card = model.Card };
    }
}
