using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>
/// A copy of everything that a model learned, parameters and buffers: to go back to, or to load into another model of the same network.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// ModelSnapshot&lt;float&gt; before = ModelSnapshot&lt;float&gt;.Of(model);
/// trainer.Run();
/// before.RestoreTo(model);
/// </code></example>
public sealed class ModelSnapshot<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (string Name, Matrix<T> Value)[] _values;

    private ModelSnapshot((string Name, Matrix<T> Value)[] values) => _values = values;

    /// <summary>Copies what a model holds.</summary>
    /// <param name="model">The model.</param>
    public static ModelSnapshot<T> Of(Model<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new([.. ValuesOf(model).Select(value => (value.Name, Matrix<T>.CopyOf(value.Value.View)))]) { Card = model.Card };
    }

    /// <summary>
    /// The model's card when it was copied, which <see cref="EnsembleBuilding.BuildEnsemble"/> takes over; going back leaves the card of
    /// the model as it is. One that was read from a checkpoint has none, unless it is given one. Default: empty.
    /// </summary>
    public ModelCard Card { get; set => field = PropertyGuard.NotNull(value); } = ModelCard.Empty;

    /// <summary>What was copied, by name: the parameters, then the buffers.</summary>
    internal IReadOnlyList<(string Name, Matrix<T> Value)> Values => _values;

    /// <summary>A snapshot of given values; it takes them over without a copy.</summary>
    internal static ModelSnapshot<T> OfValues((string Name, Matrix<T> Value)[] values) => new(values);

    /// <summary>Copies what a model holds into this snapshot's own memory. It allocates nothing.</summary>
    /// <param name="model">The model that the snapshot was taken of, or one of the same network.</param>
    /// <exception cref="ArgumentException">The model has other parameters. Nothing has been changed then.</exception>
    public void TakeFrom(Model<T> model)
    {
        Check(model);
        for (int i = 0; i < _values.Length; i++)
            ValueAt(model, i).Value.AsSpan().CopyTo(_values[i].Value.AsSpan());
        Card = model.Card;
    }

    /// <summary>Puts what was copied into a model.</summary>
    /// <param name="model">The model that the snapshot was taken of, or one of the same network.</param>
    /// <exception cref="ArgumentException">The model has other parameters. Nothing has been changed then.</exception>
    public void RestoreTo(Model<T> model)
    {
        Check(model);
        for (int i = 0; i < _values.Length; i++)
            _values[i].Value.AsSpan().CopyTo(ValueAt(model, i).Value.AsSpan());
    }

    private static IEnumerable<(string Name, Matrix<T> Value)> ValuesOf(Model<T> model) =>
        Enumerable.Range(0, model.Parameters.Count + model.Buffers.Count).Select(index => ValueAt(model, index));

    private static (string Name, Matrix<T> Value) ValueAt(Model<T> model, int index)
    {
        int parameters = model.Parameters.Count;
        return index < parameters
            ? (model.Parameters[index].Name, model.Parameters[index].Value)
            : (model.Buffers[index - parameters].Name, model.Buffers[index - parameters].Value);
    }

    private void Check(Model<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int count = model.Parameters.Count + model.Buffers.Count;
        if (count != _values.Length)
            throw new ArgumentException($"The snapshot has {_values.Length} parameters and buffers; the model has {count}.", nameof(model));
        for (int i = 0; i < count; i++)
        {
            (string name, Matrix<T> value) = ValueAt(model, i);
            (string expectedName, Matrix<T> expected) = _values[i];
            if (name != expectedName || value.Rows != expected.Rows || value.Columns != expected.Columns)
            {
                throw new ArgumentException(
                    $"The snapshot has {expectedName} {expected} where the model has {name} {value}.", nameof(model));
            }
        }
    }
}
