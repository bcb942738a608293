using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Models.Predictors;

// One example at a time.
public sealed partial class Predictor<T>
{
    /// <summary>Predicts an example that is given by its numbers.</summary>
    /// <param name="example">
    /// The numbers in the order of <see cref="InputNames"/>, as they were before preprocessing and normalization.
    /// </param>
    /// <exception cref="InvalidExampleException">There are not as many as <see cref="InputCount"/>, or one is not finite.</exception>
    public Prediction Predict(params double[] example)
    {
        ArgumentNullException.ThrowIfNull(example);
        Matrix<T> row = TakeExamples(1), output = TakeOutputs(1);
        _reader.Read<double>(example, row.Row(0), null);
        return Finish(row, output);
    }

    /// <summary>Predicts an example that is given by its numbers.</summary>
    /// <param name="example">The numbers in the order of <see cref="InputNames"/>.</param>
    /// <exception cref="InvalidExampleException">There are not as many as <see cref="InputCount"/>, or one is not finite.</exception>
    public Prediction Predict(ReadOnlySpan<T> example)
    {
        Matrix<T> row = TakeExamples(1), output = TakeOutputs(1);
        _reader.Read(example, row.Row(0), null);
        return Finish(row, output);
    }

    /// <summary>Predicts an example of bytes, such as an image.</summary>
    /// <param name="example">The bytes in the order of the training set's: for an image most often height, width, channels.</param>
    /// <exception cref="InvalidExampleException">There are not as many as the network has inputs.</exception>
    public Prediction Predict(ReadOnlySpan<byte> example)
    {
        Matrix<T> output = TakeOutputs(1);
        Predict(example, output.Row(0));
        Prediction prediction = _finish.Describe(output.Row(0));
        _outputs.GiveBack(output);
        return prediction;
    }

    /// <summary>Predicts an example that is given by named values, as in <c>Predict(("age", 41), ("city", "Oslo"))</c>.</summary>
    /// <param name="values">
    /// The value of each of <see cref="InputNames"/>, in any order. One that is missing or not given is filled in where the card's
    /// preprocessing does so.
    /// </param>
    /// <exception cref="InvalidExampleException">A name is unknown, missing or there twice, or a value is not of its column.</exception>
    public Prediction Predict(params (string Name, FeatureValue Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Matrix<T> row = TakeExamples(1), output = TakeOutputs(1);
        _reader.Read(values, row.Row(0), null);
        return Finish(row, output);
    }

    /// <summary>Predicts an example that is given by named values, such as a dictionary's.</summary>
    /// <param name="values">
    /// The value of each of <see cref="InputNames"/>, in any order: numbers, texts, truth values, JSON values of such, or null.
    /// </param>
    /// <exception cref="InvalidExampleException">A name is unknown, missing or there twice, or a value is not of its column.</exception>
    public Prediction Predict(IEnumerable<KeyValuePair<string, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Predict([.. values.Select(pair => (pair.Key, ValueOf(pair.Key, pair.Value)))]);
    }

    /// <summary>
    /// Predicts an example that is given by a record, as in <c>Predict(house, h => [("area", h.Area), ("city", h.City)])</c>.
    /// </summary>
    /// <typeparam name="TRecord">The type of the record.</typeparam>
    /// <param name="record">The record.</param>
    /// <param name="values">The named values of a record.</param>
    /// <exception cref="InvalidExampleException">A name is unknown, missing or there twice, or a value is not of its column.</exception>
    public Prediction Predict<TRecord>(TRecord record, Func<TRecord, (string Name, FeatureValue Value)[]> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Predict(values(record));
    }

    /// <summary>Writes the probabilities or numbers for an example, on the calling thread. It allocates nothing.</summary>
    /// <param name="example">The numbers in the order of <see cref="InputNames"/>.</param>
    /// <param name="destination">Where to, <see cref="OutputCount"/> elements, in memory of their own.</param>
    /// <exception cref="InvalidExampleException">There are not as many as <see cref="InputCount"/>, or one is not finite.</exception>
    /// <exception cref="ArgumentException">The destination has another length. Nothing has been written then.</exception>
    public void Predict(ReadOnlySpan<T> example, Span<T> destination)
    {
        RequireDestination(destination.Length);
        Matrix<T> row = TakeExamples(1);
        _reader.Read(example, row.Row(0), null);
        Model.Predict(row.Row(0), destination);
        _examples.GiveBack(row);
        _finish.Apply(new(destination, 1, destination.Length), null);
    }

    /// <summary>Writes the probabilities or numbers for an example of bytes, on the calling thread. It allocates nothing.</summary>
    /// <param name="example">The bytes in the order of the training set's.</param>
    /// <param name="destination">Where to, <see cref="OutputCount"/> elements.</param>
    /// <exception cref="InvalidExampleException">There are not as many as the network has inputs.</exception>
    /// <exception cref="ArgumentException">The destination has another length. Nothing has been written then.</exception>
    public void Predict(ReadOnlySpan<byte> example, Span<T> destination)
    {
        RequireDestination(destination.Length);
        RequireBytes(example.Length, 1);
        PredictBytes(example, new(destination, 1, destination.Length), null);
    }

    /// <summary>Writes the probabilities or numbers for an example of named values, on the calling thread. It allocates nothing.</summary>
    /// <param name="values">The value of each of <see cref="InputNames"/>, in any order.</param>
    /// <param name="destination">Where to, <see cref="OutputCount"/> elements.</param>
    /// <exception cref="InvalidExampleException">A name is unknown, missing or there twice, or a value is not of its column.</exception>
    /// <exception cref="ArgumentException">The destination has another length. Nothing has been written then.</exception>
    public void Predict(ReadOnlySpan<(string Name, FeatureValue Value)> values, Span<T> destination)
    {
        RequireDestination(destination.Length);
        Matrix<T> row = TakeExamples(1);
        _reader.Read(values, row.Row(0), null);
        Model.Predict(row.Row(0), destination);
        _examples.GiveBack(row);
        _finish.Apply(new(destination, 1, destination.Length), null);
    }

    private static FeatureValue ValueOf(string name, object? value)
    {
        try
        {
            return FeatureValue.From(value);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new InvalidExampleException($"{name}: {exception.Message}", name);
        }
    }

    private Prediction Finish(Matrix<T> row, Matrix<T> output)
    {
        Model.Predict(row.Row(0), output.Row(0));
        _examples.GiveBack(row);
        _finish.Apply(output.SliceRows(0, 1), null);
        Prediction prediction = _finish.Describe(output.Row(0));
        _outputs.GiveBack(output);
        return prediction;
    }

    private void PredictBytes(ReadOnlySpan<byte> examples, MatrixView<T> destination, int? first)
    {
        int rows = destination.Rows, features = Model.InputShape.Count;
        if (Model.ReadsBytes)
        {
            Span<int> starts = stackalloc int[Chunk];
            for (int i = 0; i < rows; i++)
                starts[i] = i * features;
            Model.Predict(new ByteRows<T>(examples, starts[..rows], _scale, _offset), destination, _workers);
        }
        else
        {
            Matrix<T> numbers = TakeExamples(rows);
            for (int i = 0; i < rows; i++)
            {
                Kernels.Elementwise.ByteConversion.Convert<T>(
                    examples.Slice(i * features, features), _scale, _offset, numbers.Row(i));
            }
            Model.Predict(numbers.SliceRows(0, rows), destination, _workers);
            _examples.GiveBack(numbers);
        }
        _finish.Apply(destination, first);
    }

    private Matrix<T> TakeExamples(int count) => _examples.TryTake(count) ?? new(count == 1 ? 1 : Chunk, Model.InputShape.Count);

    private Matrix<T> TakeOutputs(int count) => _outputs.TryTake(count) ?? new(count == 1 ? 1 : Chunk, OutputCount);

    private void RequireDestination(int length)
    {
        if (length != OutputCount)
            throw new ArgumentException($"A prediction writes {OutputCount} numbers; found a destination of {length}.", "destination");
    }

    private void RequireBytes(int length, int rows)
    {
        if (_reader.IsOfTable)
        {
            throw new InvalidExampleException(
                $"The model takes rows of a table ({InputCount} values); found {length} bytes.");
        }
        if (length != (long)rows * Model.InputShape.Count)
        {
            throw new InvalidExampleException(
                $"The model takes examples of {Model.InputShape}, {Model.InputShape.Count} bytes; found {length}"
                + $"{(rows == 1 ? "" : $" for {rows} examples")}.");
        }
    }
}
