using System.Globalization;
using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Training.Checkpoints;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, by name and bit by bit.</summary>
/// <remarks>Whatever is missing, or is of another kind, is a <see cref="IdentityMismatchException"/> that names it.</remarks>
public sealed class StateReader
{
    private readonly SafetensorsReader _file;
    private readonly string _prefix;
    private readonly IReadOnlyList<(string Name, int Rows, int Columns)> _values;
    private readonly HashSet<string> _read;

    /// <summary>Makes a reader of a file.</summary>
    /// <param name="file">The file, open.</param>
    /// <param name="values">The parameters and buffers of the run's model.</param>
    internal StateReader(SafetensorsReader file, IReadOnlyList<(string Name, int Rows, int Columns)> values)
        : this(file, "", values, [])
    {
    }

    private StateReader(
        SafetensorsReader file, string prefix, IReadOnlyList<(string Name, int Rows, int Columns)> values, HashSet<string> read)
    {
        _file = file;
        _prefix = prefix;
        _values = values;
        _read = read;
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IdentityMismatchException">There is none of that name.</exception>
    public long ReadInteger(string name) =>
        long.TryParse(ReadText(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Mismatch(name, "a whole number", ReadText(name));

    /// <summary>A number; it may be infinite or not a number.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IdentityMismatchException">There is none of that name.</exception>
    public double ReadNumber(string name) =>
        double.TryParse(ReadText(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw Mismatch(name, "a number", ReadText(name));

    /// <summary>Whether something is so.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IdentityMismatchException">There is none of that name.</exception>
    public bool ReadBoolean(string name) => ReadText(name) switch
    {
        "true" => true,
        "false" => false,
        string other => throw Mismatch(name, "true or false", other),
    };

    /// <summary>A text.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="IdentityMismatchException">There is none of that name.</exception>
    public string ReadText(string name)
    {
        string key = NameOf(name);
        _read.Add(key);
        return _file.Metadata.TryGetValue(key, out string? text) ? text : throw Mismatch(name, "a value", "nothing");
    }

    /// <summary>A matrix of whatever extent it was written with; the caller's own.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <exception cref="IdentityMismatchException">There is none of that name and precision.</exception>
    public Matrix<T> ReadMatrix<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SafetensorsEntry entry = Entry<T>(name);
        return entry.Shape is [_, _] ? _file.ReadMatrix<T>(entry) : throw Mismatch(name, "a matrix", entry.Shape.ToString());
    }

    /// <summary>A matrix.</summary>
    /// <typeparam name="T">As it was written: <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="rows">The number of its rows.</param>
    /// <param name="columns">The number of its columns.</param>
    /// <returns>A matrix of the caller's own.</returns>
    /// <exception cref="IdentityMismatchException">There is none of that name, shape and type.</exception>
    public Matrix<T> ReadMatrix<T>(string name, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SafetensorsEntry entry = Entry<T>(name);
        if (entry.Shape is not [long foundRows, long foundColumns] || foundRows != rows || foundColumns != columns)
            throw Mismatch(name, $"[{rows}, {columns}]", entry.Shape.ToString());
        return _file.ReadMatrix<T>(entry);
    }

    /// <summary>What the model of the run held at some time.</summary>
    /// <typeparam name="T">The type of the run's numbers.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>A snapshot of the caller's own.</returns>
    /// <exception cref="IdentityMismatchException">There is none of that name, or it is of another network.</exception>
    public ModelSnapshot<T> ReadSnapshot<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        StateReader inner = Below(name);
        return ModelSnapshot<T>.OfValues(
            [.. _values.Select(value => (value.Name, inner.ReadMatrix<T>(value.Name, value.Rows, value.Columns)))]);
    }

    /// <summary>Throws unless a value that was written, such as an option, is the one expected.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">The value that it must have.</param>
    /// <exception cref="IdentityMismatchException">It has another one, or is not there.</exception>
    public void Require(string name, double expected)
    {
        double found = ReadNumber(name);
        if (!found.Equals(expected))
            throw Mismatch(name, expected.ToString(CultureInfo.InvariantCulture), found.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Throws unless a value that was written, such as an option, is the one expected.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">The value that it must have.</param>
    /// <exception cref="IdentityMismatchException">It has another one, or is not there.</exception>
    public void Require(string name, long expected)
    {
        long found = ReadInteger(name);
        if (found != expected)
            throw Mismatch(name, expected.ToString(CultureInfo.InvariantCulture), found.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Throws unless a value that was written, such as an option, is the one expected.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">The value that it must have.</param>
    /// <exception cref="IdentityMismatchException">It has another one, or is not there.</exception>
    public void Require(string name, string expected)
    {
        string found = ReadText(name);
        if (found != expected)
            throw Mismatch(name, expected, found);
    }

    /// <summary>Throws unless a value that was written, such as an option, is the one expected.</summary>
    /// <param name="name">The name.</param>
    /// <param name="expected">The value that it must have.</param>
    /// <exception cref="IdentityMismatchException">It has another one, or is not there.</exception>
    public void Require(string name, bool expected) => Require(name, expected ? "true" : "false");

    /// <summary>A reader of the names below a name of this one's.</summary>
    /// <param name="name">The name.</param>
    public StateReader Below(string name) => new(_file, $"{NameOf(name)}/", _values, _read);

    /// <summary>Throws where the file has something that nobody has asked for: what was written was read, and no more.</summary>
    internal void RequireAllRead()
    {
        string? forgotten = _file.Metadata.Keys.Concat(_file.Tensors.Select(entry => entry.Name))
            .FirstOrDefault(key => !_read.Contains(key) && !CheckpointFile.IsKeyOfTheLibrary(key));
        if (forgotten is not null)
        {
            throw new IdentityMismatchException(
                $"The checkpoint {_file.Source}", forgotten, "nothing", "a value that nothing in the run asks for");
        }
    }

    private SafetensorsEntry Entry<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string key = NameOf(name);
        _read.Add(key);
        SafetensorsEntry entry = _file.Find(key) ?? throw Mismatch(name, "a matrix", "nothing");
        return entry.ElementType == ElementEncoding.NameOf<T>()
            ? entry
            : throw Mismatch(name, ElementEncoding.NameOf<T>(), entry.ElementType);
    }

    /// <summary>What is thrown where a value is not what was expected; names the checkpoint and the value.</summary>
    /// <param name="name">The name of the value.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="found">What was found.</param>
    public IdentityMismatchException Mismatch(string name, string expected, string found) =>
        new($"The checkpoint {_file.Source}", NameOf(name), expected, found);

    private string NameOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _prefix + name;
    }
}
