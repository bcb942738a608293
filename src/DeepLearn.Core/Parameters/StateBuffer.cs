using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Numbers that a layer keeps from one pass to the next and that are saved with the model, but that no gradient changes: the moving
/// averages of a batch normalization.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Name">The name, unique in the model, as in <c>batchnorm1/mean</c>.</param>
/// <param name="Value">The numbers.</param>
public sealed record StateBuffer<T>(string Name, Matrix<T> Value)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
