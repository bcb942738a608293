using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Numbers that training changes: their value, and the gradient of the cost with respect to them.
/// </summary>
/// <remarks>
/// The layer that made the parameter owns both. Many threads may read the value at once while nobody trains; one caller at a time trains.
/// A backward pass does not add to the gradient that stands there: it writes to <see cref="Target"/>, which is where the gradient of
/// this pass belongs.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T>? _gradient;
    private bool _direct;
    private T _scale = T.One;
    private T _keep = T.Zero;

    /// <summary>A parameter of zeros.</summary>
    /// <param name="name">Its name, unique in the model: the path of its layer, a slash, and what it is, as in <c>dense1/weights</c>.</param>
    /// <param name="role">What it is for.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at least 1.</param>
    public Parameter(string name, ParameterRole role, int rows, int columns)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        Name = name;
        Role = role;
        Value = new(rows, columns);
    }

    /// <summary>The name, unique in the model.</summary>
    public string Name { get; }

    /// <summary>What it is for.</summary>
    public ParameterRole Role { get; }

    /// <summary>The numbers themselves.</summary>
    public Matrix<T> Value { get; }

    /// <summary>The gradient of the cost, of the shape of <see cref="Value"/>; made when it is first asked for, so that inference does not pay for it.</summary>
    public Matrix<T> Gradient => _gradient ??= new(Value.Rows, Value.Columns);

    /// <summary>
    /// Whether the layer's backward pass writes through <see cref="Target"/> as its last use of the value, so that an optimizer may
    /// have the product that makes the gradient accumulate straight into the value. Default false: the layer writes <see cref="Gradient"/>.
    /// </summary>
    public bool HonorsTarget { get; init; }

    /// <summary>Where the backward pass writes this parameter's gradient, and how.</summary>
    public GradientTarget<T> Target => _direct ? new(Value.View, _scale, _keep) : new(Gradient.View, T.One, T.Zero);

    /// <summary>
    /// Makes the next backward passes update the value itself: <c>value = keep * value + scale * gradient</c>; until <see cref="WriteGradient"/>.
    /// </summary>
    /// <param name="scale">The factor on the gradient: minus the learning rate, for gradient descent.</param>
    /// <param name="keep">The factor on the value: 1, or less where the value decays.</param>
    /// <exception cref="InvalidOperationException">The layer does not honor <see cref="Target"/>.</exception>
    public void UpdateDirectly(T scale, T keep)
    {
        if (!HonorsTarget)
            throw new InvalidOperationException($"The layer of {Name} writes its gradient, and cannot update its value directly.");
        _direct = true;
        _scale = scale;
        _keep = keep;
    }

    /// <summary>Makes the next backward passes write <see cref="Gradient"/>, which is how a parameter begins.</summary>
    public void WriteGradient() => _direct = false;

    /// <summary>The name and shape, for messages.</summary>
    public override string ToString() => $"{Name} {Value}";
}
