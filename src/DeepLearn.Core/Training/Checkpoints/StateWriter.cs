using System.Globalization;
using System.Numerics;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Training.Checkpoints;

/// <summary>Writes named values for a checkpoint, each exactly: what <see cref="StateReader"/> reads has the same bits.</summary>
public sealed class StateWriter
{
    private readonly SafetensorsWriter _file;
    private readonly string _prefix;

    internal StateWriter(SafetensorsWriter file, string prefix = "")
    {
        _file = file;
        _prefix = prefix;
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="name">Its name, used once.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used.</exception>
    public void Write(string name, long value) => Write(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a number; it may be infinite or not a number.</summary>
    /// <param name="name">Its name, used once.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used.</exception>
    public void Write(string name, double value) => Write(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes whether something is so.</summary>
    /// <param name="name">Its name, used once.</param>
    /// <param name="value">Whether it is.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used.</exception>
    public void Write(string name, bool value) => Write(name, value ? "true" : "false");

    /// <summary>Writes a text.</summary>
    /// <param name="name">Its name, used once.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used, or the text is none.</exception>
    public void Write(string name, string value) => _file.AddText(NameOf(name), value);

    /// <summary>Writes a matrix.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="name">Its name, used once.</param>
    /// <param name="value">The matrix; not copied, but read before the step goes on.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used.</exception>
    public void Write<T>(string name, Matrix<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => _file.Add(NameOf(name), value);

    /// <summary>Writes what a model held.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="name">Its name, used once.</param>
    /// <param name="value">The snapshot.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used.</exception>
    public void Write<T>(string name, ModelSnapshot<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(value);
        StateWriter inner = Below(name);
        foreach ((string parameter, Matrix<T> numbers) in value.Values)
            inner.Write(parameter, numbers);
    }

    /// <summary>A writer whose names stand below a name of this one's: for a part that has names of its own.</summary>
    /// <param name="name">The name.</param>
    public StateWriter Below(string name) => new(_file, $"{NameOf(name)}/");

    private string NameOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _prefix + name;
    }
}
