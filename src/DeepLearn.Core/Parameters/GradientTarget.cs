using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Where a backward pass writes the gradient of one parameter: <c>destination = keep * destination + scale * gradient</c>. With scale 1 and
/// keep 0 that is the gradient itself. With the parameter's value as destination it is a step of gradient descent, without a buffer
/// between.
/// </summary>
/// <remarks>
/// <see cref="Unwanted"/> is the target of a gradient that nobody wants, as that of a frozen parameter: a layer asks <see
/// cref="IsWanted"/> and spares the work. Writing to it does nothing.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct GradientTarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T>? _destination;

    /// <summary>Makes a target.</summary>
    /// <param name="destination">Where to write, of the shape of the parameter.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on what stands there; 0 means that it is not read.</param>
    public GradientTarget(Matrix<T> destination, T scale, T keep)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _destination = destination;
        Scale = scale;
        Keep = keep;
    }

    /// <summary>The target of a gradient that nobody wants; the default value.</summary>
    public static GradientTarget<T> Unwanted => default;

    /// <summary>Whether somebody wants the gradient. Where nobody does, it need not be computed.</summary>
    public bool IsWanted => _destination is not null;

    /// <summary>Where to write, of the shape of the parameter.</summary>
    /// <exception cref="InvalidOperationException">Nobody wants the gradient: ask <see cref="IsWanted"/> first.</exception>
    public Matrix<T> Destination => _destination
        ?? throw new InvalidOperationException($"Nobody wants this gradient, so that it has no destination: ask {nameof(IsWanted)} first.");

    /// <summary>The factor on the gradient.</summary>
    public T Scale { get; }

    /// <summary>The factor on what stands there; 0 means that it is not read.</summary>
    public T Keep { get; }

    /// <summary>Writes the gradient of one element; nothing where nobody wants it.</summary>
    /// <param name="element">The position of the element in the parameter, row after row.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public void Write(int element, T gradient)
    {
        if (!IsWanted)
            return;
        if ((uint)element >= (uint)Destination.Count)
            throw new ArgumentOutOfRangeException(nameof(element), element,
                $"An element of {Destination} is from 0 to {Destination.Count - 1}.");
        ref T to = ref Destination.AsSpan()[element];
        to = T.IsZero(Keep) ? Scale * gradient : T.FusedMultiplyAdd(Scale, gradient, Keep * to);
    }

    /// <summary>
    /// Writes the gradient of the whole parameter, which was computed elsewhere; nothing where nobody wants it. It may be the destination
    /// itself.
    /// </summary>
    /// <param name="gradient">The gradient, of the shape of the parameter.</param>
    /// <exception cref="ArgumentException">It has another shape.</exception>
    public void Write(Matrix<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (!IsWanted)
            return;
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
