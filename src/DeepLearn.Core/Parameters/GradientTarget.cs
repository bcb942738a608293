using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Where a backward pass writes the gradient of one parameter: <c>destination = keep * destination + scale * gradient</c>. With scale 1 and
/// keep 0 that is the gradient itself. With the parameter's value as destination it is a step of gradient descent, without a buffer
/// between.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct GradientTarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a target.</summary>
    /// <param name="destination">Where to write, of the shape of the parameter.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on what stands there; 0 means that it is not read.</param>
    public GradientTarget(Matrix<T> destination, T scale, T keep)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Destination = destination;
        Scale = scale;
        Keep = keep;
    }

    /// <summary>Where to write, of the shape of the parameter.</summary>
    public Matrix<T> Destination { get; }

    /// <summary>The factor on the gradient.</summary>
    public T Scale { get; }

    /// <summary>The factor on what stands there; 0 means that it is not read.</summary>
    public T Keep { get; }

    /// <summary>Writes the gradient of one element.</summary>
    /// <param name="element">The position of the element in the parameter, row after row.</param>
    /// <param name="gradient">Its gradient.</param>
    public void Write(int element, T gradient)
    {
        ref T to = ref Destination.AsSpan()[element];
        to = T.IsZero(Keep) ? Scale * gradient : T.FusedMultiplyAdd(Scale, gradient, Keep * to);
    }

    /// <summary>Writes the gradient of the whole parameter, which was computed elsewhere. It may be the destination itself.</summary>
    /// <param name="gradient">The gradient, of the shape of the parameter.</param>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public void Write(Matrix<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (gradient.Rows != Destination.Rows || gradient.Columns != Destination.Columns)
            throw new ArgumentException($"The gradient of a parameter {Destination} has its shape; found {gradient}.", nameof(gradient));
        if (ReferenceEquals(gradient, Destination) && Scale == T.One && T.IsZero(Keep))
            return;
        if (T.IsZero(Keep))
            Arithmetic.Scale(gradient.AsSpan(), Scale, Destination.AsSpan());
        else
            Arithmetic.Blend(gradient.AsSpan(), Scale, Destination.AsSpan(), Keep, Destination.AsSpan());
    }
}
