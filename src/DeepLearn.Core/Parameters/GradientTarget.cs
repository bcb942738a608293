using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Where a backward pass writes a parameter's gradient: <c>destination = keep * destination + scale * gradient</c>. With scale 1 and
/// keep 0 that is the gradient itself; otherwise it is a step of gradient descent, without a buffer between.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct GradientTarget<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal GradientTarget(MatrixView<T> destination, T scale, T keep)
    {
        Destination = destination;
        Scale = scale;
        Keep = keep;
    }

    /// <summary>Where to write, of the shape of the parameter.</summary>
    public MatrixView<T> Destination { get; }

    /// <summary>The factor on the gradient.</summary>
    public T Scale { get; }

    /// <summary>The factor on what stands there; 0 means that it is not read.</summary>
    public T Keep { get; }
}
