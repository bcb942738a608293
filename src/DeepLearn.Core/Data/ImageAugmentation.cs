using System.Numerics;

namespace DeepLearn.Data;

/// <summary>
/// A random change of training images that leaves their class what it is: an immutable value. It sees the image as it was read (bytes as 0
/// to 255), before normalization, while the image is in the cache.
/// </summary>
/// <remarks>
/// What it does is a function of the image and its <see cref="AugmentationContext"/>, so of (seed, epoch, example): threads, the size of
/// batches and an interrupted run change nothing. To add one, derive a record and write <see cref="Apply"/>.
/// </remarks>
public abstract record ImageAugmentation
{
    /// <summary>Refuses images that this augmentation cannot work on; called once, before the first. The default refuses none.</summary>
    /// <param name="layout">The layout of the images.</param>
    /// <exception cref="ArgumentException">They are too small, say.</exception>
    public virtual void Check(ImageLayout layout)
    {
    }

    /// <summary>This augmentation, then another one.</summary>
    /// <param name="next">What is done to the result.</param>
    public ImageAugmentation Then(ImageAugmentation next) => new Composition([this, next]);

    /// <summary>Changes one image in place.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="context">The image's layout, epoch and random numbers.</param>
    /// <param name="image">The image, of <c>context.Layout.Count</c> elements.</param>
    /// <param name="scratch">As many elements to work with; what they hold before and after means nothing.</param>
    public abstract void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
