using System.Numerics;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>The tensors of a file beside the parameters and buffers of a model.</summary>
internal sealed class ModelFileComparison<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostListed = 10;

    private readonly SafetensorsReader _reader;
    private readonly StateBuffer<T>[] _values;
    private readonly SafetensorsEntry?[] _entries;

    public ModelFileComparison(Model<T> model, SafetensorsReader reader)
        : this(model.Values, reader, name => name)
    {
    }

    public ModelFileComparison(StateBuffer<T>[] values, SafetensorsReader reader, Func<string, string> nameInFile)
    {
        _reader = reader;
        _values = values;
        _entries = [.. _values.Select(value => reader.Find(nameInFile(value.Name)))];
        HasNormalization = !_values.Any(value => NormalizationTensors.IsNameOfOne(value.Name));
    }

    /// <summary>Whether tensors under the names of a normalization are one, and not parameters of the model.</summary>
    public bool HasNormalization { get; }

    /// <summary>Throws unless the file has a tensor for each of the values, whatever others it has.</summary>
    public void RequireFit(bool mayRound) => Require(mayRound, mayHaveOthers: true);

    /// <summary>Throws unless the file has a tensor for each of the model's parameters and buffers, and no other.</summary>
    public void RequireSame(bool mayRound) => Require(mayRound, mayHaveOthers: false);

    private void Require(bool mayRound, bool mayHaveOthers)
    {
        var faults = new List<string>();
        List("missing", _values.Where((_, i) => _entries[i] is null).Select(value => $"{value.Name} {value.Value}"));
        var known = _values.Select(value => value.Name).ToHashSet();
        List(
            "not of the model",
            _reader.Tensors.Where(
                entry => !mayHaveOthers && !known.Contains(entry.Name)
                    && !(HasNormalization && NormalizationTensors.IsNameOfOne(entry.Name)))
                .Select(entry => entry.ToString()));
        List("of another shape", _values.Select(ShapeFault).OfType<string>());
        string[] types = [.. _entries.OfType<SafetensorsEntry>().Where(entry => !IsReadable(entry, mayRound)).Select(Name)];
        if (faults.Count == 0 && types.Length > 0 && _entries.All(entry => IsReadable(entry!, mayRound: true)))
        {
            string option = mayHaveOthers ? nameof(WeightMatching) : nameof(ModelLoading);
            throw new ModelMismatchException(
                $"{_reader.Source} is of double (F64), which float has to round: new {option} {{ {nameof(ModelLoading.MayRound)} = true }} "
                + $"rounds it to nearest; or take a model of double. It holds {types.Length} such tensors, as {types[0]}.");
        }
        List("of another type", types);
        if (faults.Count > 0)
        {
            throw new ModelMismatchException(
                $"{_reader.Source} holds another model's weights, or has changed: {string.Join("; ", faults)}.");
        }

        void List(string title, IEnumerable<string> all)
        {
            string[] some = [.. all];
            if (some.Length > 0)
            {
                string more = some.Length > MostListed ? $" and {some.Length - MostListed} more" : "";
                faults.Add($"{title}: {string.Join(", ", some.Take(MostListed))}{more}");
            }
        }
    }

    /// <summary>Reads everything, then puts it into the values.</summary>
    public void ReadTo(bool mayRound)
    {
        var read = new Matrix<T>[_values.Length];
        for (int i = 0; i < read.Length; i++)
        {
            read[i] = new(_values[i].Value.Rows, _values[i].Value.Columns);
            _reader.Read(_entries[i]!, read[i].AsSpan(), mayRound);
        }
        for (int i = 0; i < read.Length; i++)
            read[i].AsSpan().CopyTo(_values[i].Value.AsSpan());
    }

    private string? ShapeFault(StateBuffer<T> value, int index)
    {
        if (_entries[index] is not { } entry)
            return null;
        (long rows, long columns) = (value.Value.Rows, value.Value.Columns);
        bool fits = entry.Shape is [long first, long second]
            ? first == rows && second == columns
            : entry.Shape is [long only] && rows == 1 && only == columns;
        if (fits)
            return null;
        bool isTransposed = entry.Shape is [long one, long other] && one == columns && other == rows;
        return $"{entry}, expected {value.Value}{(isTransposed ? ", which is its transpose" : "")}";
    }

    private static bool IsReadable(SafetensorsEntry entry, bool mayRound) => ElementEncoding.IsReadable<T>(entry.ElementType, mayRound);

    private static string Name(SafetensorsEntry entry) => entry.ElementType == "F64"
        ? $"{entry}, which float has to round ({nameof(ModelLoading.MayRound)})"
        : entry.ToString();
}
