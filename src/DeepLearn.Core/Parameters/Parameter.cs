using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>Numbers that training changes: their value, and the gradient of the cost with respect to them.</summary>
/// <remarks>
/// The layer that made the parameter owns both. Many threads may read the value at once while nobody trains; one caller at a time trains. A
/// backward pass writes the gradient where its caller tells it to (<see cref="GradientTargets{T}"/>): to <see cref="Gradient"/>, over what
/// stood there, or straight into the value.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Matrix<T>? _gradient;

    /// <summary>Makes a parameter of zeros.</summary>
    /// <param name="name">
    /// Its name, unique in the model: the path of its layer, a slash, and what it is, as in <c>dense1/weights</c>.
    /// </param>
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

    /// <summary>
    /// The gradient of the cost, of the shape of <see cref="Value"/>; made when it is first asked for, so that inference does not pay for
    /// it.
    /// </summary>
    public Matrix<T> Gradient => _gradient ??= new(Value.Rows, Value.Columns);

    /// <summary>Whether <see cref="Gradient"/> has been asked for, and so takes memory.</summary>
    public bool HasGradient => _gradient is not null;

    /// <summary>The name and shape, for messages.</summary>
    public override string ToString() => $"{Name} {Value}";
}
