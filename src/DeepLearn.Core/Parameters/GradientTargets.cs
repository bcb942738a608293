using System.Numerics;

namespace DeepLearn.Parameters;

/// <summary>
/// Where a backward pass writes the gradients of a layer's parameters: a target for each, in the order of the layer's list.
/// </summary>
/// <remarks>It is a window on an array of the caller's, which the pass only reads.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="targets">The targets.</param>
public readonly ref struct GradientTargets<T>(ReadOnlySpan<GradientTarget<T>> targets)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<GradientTarget<T>> _targets = targets;

    /// <summary>The number of parameters.</summary>
    public int Count => _targets.Length;

    /// <summary>Whether somebody wants at least one of the gradients.</summary>
    public bool AnyIsWanted
    {
        get
        {
            foreach (ref readonly GradientTarget<T> target in _targets)
            {
                if (target.IsWanted)
                    return true;
            }
            return false;
        }
    }

    /// <summary>The target of a parameter.</summary>
    /// <param name="parameter">Its position in the layer's list.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such parameter.</exception>
    public ref readonly GradientTarget<T> this[int parameter] => ref _targets[parameter];

    /// <summary>The targets in an array.</summary>
    /// <param name="targets">The targets, in the order of the parameters.</param>
    public static implicit operator GradientTargets<T>(GradientTarget<T>[] targets) => new(targets);

    /// <summary>
    /// The targets that write each parameter's <see cref="Parameter{T}.Gradient"/>, which is made where there is none yet.
    /// </summary>
    /// <param name="parameters">The parameters.</param>
    /// <returns>An array of the caller's own, to be used again and again.</returns>
    public static GradientTarget<T>[] Writing(IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter<T> parameter in parameters)
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        return [.. parameters.Select(parameter => new GradientTarget<T>(parameter.Gradient, T.One, T.Zero))];
    }

    /// <summary>The targets of some of the parameters: those of an inner layer.</summary>
    /// <param name="first">The position of the first.</param>
    /// <param name="count">How many.</param>
    public GradientTargets<T> Slice(int first, int count) => new(_targets.Slice(first, count));
}
