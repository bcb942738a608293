using System.Numerics;
using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// A random change of training images that keeps their class, such as a shift or a reflection. It gets the image before normalization:
/// bytes are numbers from 0 to 255. An immutable value.
/// </summary>
/// <remarks>
/// The result is a function of the image and its <see cref="AugmentationContext"/>, and so of (seed, epoch, example). It does not depend on
/// threads, the batch size or interruptions. For an augmentation of your own, derive a record and override <see cref="Apply"/>.
/// </remarks>
/// <example><code>TrainingPlan augmented = plan with { Augmentation = new HorizontalFlip().Then(new RandomShift(4)) };</code></example>
/// <example><code>
/// // An augmentation of your own: each image darker by up to an amount.
/// sealed record Darkening(double Amount) : ImageAugmentation
/// {
///     public override void Apply&lt;T&gt;(in AugmentationContext context, Span&lt;T&gt; image, Span&lt;T&gt; scratch)
///     {
///         T factor = T.CreateChecked(1 - (Amount * context.Key.Open().NextUniform()));
///         foreach (ref T pixel in image)
///             pixel *= factor;
///     }
/// }
/// </code></example>
public abstract record ImageAugmentation
{
    /// <summary>Refuses images that this augmentation cannot work on; called once, before the first. The default refuses none.</summary>
    /// <param name="layout">The layout of the images.</param>
    /// <exception cref="ArgumentException">The images do not suit it; they are too small, for instance.</exception>
    public virtual void Check(ImageLayout layout)
    {
    }

    /// <summary>Joins this augmentation and another one, which changes the result of this one.</summary>
    /// <param name="next">The augmentation that follows.</param>
    public ImageAugmentation Then(ImageAugmentation next) => new Composition([this, next]);

    /// <summary>Changes one image in place.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="context">The image's layout, epoch and random numbers.</param>
    /// <param name="image">The image, of <c>context.Layout.Count</c> elements.</param>
    /// <param name="scratch">Scratch memory of as many elements, with undefined content.</param>
    public abstract void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes what the value was made of, without what follows from that: by default nothing.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PartText.AppendType(this, builder);
    }
}
