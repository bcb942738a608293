using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Optimizers;

/// <summary>
/// The runtime of <see cref="WeightAveraging"/>: it owns the averages, and can put them in the place of the weights, for an evaluation or
/// for good. It allocates nothing after it is made. One caller at a time.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class WeightAverage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // An average that moves by less than a thousandth a step would lose much of that to rounding in float.
    private const double SlowDecay = 0.999;

    private readonly Matrix<T>[] _values;
    private readonly bool _keepsRemainders;

    internal WeightAverage(WeightAveraging options, IReadOnlyList<Parameter<T>> parameters, IReadOnlyList<StateBuffer<T>> buffers)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter<T> parameter in parameters)
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        foreach (StateBuffer<T> buffer in buffers)
            ArgumentNullException.ThrowIfNull(buffer, nameof(buffers));
        Options = options;
        _values = [.. parameters.Select(parameter => parameter.Value), .. buffers.Select(buffer => buffer.Value)];
        _keepsRemainders = typeof(T) == typeof(float) && options.Decay > SlowDecay;
        string[] names = [.. parameters.Select(parameter => parameter.Name), .. buffers.Select(buffer => buffer.Name)];
        StateBuffer<T>[] averages =
            [.. names.Zip(_values, (name, value) => new StateBuffer<T>($"{name}/average", Matrix<T>.CopyOf(value)))];
        State = _keepsRemainders
            ? [.. averages, .. names.Zip(_values, (name, value) =>
                new StateBuffer<T>($"{name}/average remainder", new Matrix<T>(value.Rows, value.Columns)))]
            : averages;
    }

    /// <summary>How it averages.</summary>
    public WeightAveraging Options { get; }

    /// <summary>
    /// The averages, to be saved with a checkpoint and restored by writing to them; the model's own numbers while it is swapped in. In
    /// float, with a decay above 0.999, then what each average lost to rounding, so that it is what double arithmetic gives, rounded.
    /// </summary>
    public IReadOnlyList<StateBuffer<T>> State { get; }

    /// <summary>Whether the averages stand in the place of the weights.</summary>
    public bool IsSwappedIn { get; private set; }

    /// <summary>Updates the averages with the weights as they are now, in one pass; to be called after every update.</summary>
    /// <param name="step">The number of updates made before that one.</param>
    /// <exception cref="InvalidOperationException">The averages stand in the place of the weights.</exception>
    public void Update(long step)
    {
        if (IsSwappedIn)
            throw new InvalidOperationException("The averages stand in the place of the weights; swap them out before training goes on.");
        double decay = Options.DecayAt(step);
        for (int i = 0; i < _values.Length; i++)
        {
            ReadOnlySpan<T> value = _values[i].AsSpan();
            Span<T> average = State[i].Value.AsSpan();
            if (_keepsRemainders)
                OptimizerUpdates.MovingAverage(value, decay, average, State[_values.Length + i].Value.AsSpan());
            else
                OptimizerUpdates.MovingAverage(value, decay, average);
        }
    }

    /// <summary>Exchanges the averages and the weights, bit by bit: once for an evaluation, once more to go on training.</summary>
    public void Swap()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            Span<T> value = _values[i].AsSpan();
            Span<T> average = State[i].Value.AsSpan();
            for (int j = 0; j < value.Length; j++)
                (value[j], average[j]) = (average[j], value[j]);
        }
        IsSwappedIn = !IsSwappedIn;
    }

    /// <summary>Writes the averages over the weights, which are lost.</summary>
    /// <exception cref="InvalidOperationException">They stand in the place of the weights already.</exception>
    public void CopyToModel()
    {
        if (IsSwappedIn)
            throw new InvalidOperationException("The averages stand in the place of the weights already.");
        for (int i = 0; i < _values.Length; i++)
            State[i].Value.AsSpan().CopyTo(_values[i].AsSpan());
    }
}
