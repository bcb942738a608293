using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Tensors;

namespace DeepLearn.Models.Predictors;

// Many examples at a time.
public sealed partial class Predictor<T>
{
    /// <summary>Predicts examples that are given by their numbers.</summary>
    /// <param name="examples">The examples, <c>[batch, <see cref="InputCount"/>]</c>.</param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <exception cref="InvalidExampleException">The rows have another width, or a number is not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Prediction[] Predict(ReadOnlyMatrixView<T> examples, CancellationToken cancellationToken = default)
    {
        var outputs = new Matrix<T>(examples.Rows, OutputCount);
        Predict(examples, outputs.View, cancellationToken);
        return Describe(outputs);
    }

    /// <summary>Writes the probabilities or numbers for examples that are given by their numbers.</summary>
    /// <param name="examples">The examples, <c>[batch, <see cref="InputCount"/>]</c>.</param>
    /// <param name="destination">Where to, <c>[batch, <see cref="OutputCount"/>]</c>, in memory of its own.</param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <exception cref="InvalidExampleException">The rows have another width, or a number is not finite.</exception>
    /// <exception cref="ArgumentException">The destination has another shape.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what has been written so far is right.</exception>
    public void Predict(ReadOnlyMatrixView<T> examples, MatrixView<T> destination, CancellationToken cancellationToken = default)
    {
        RequireDestination(examples.Rows, destination);
        if (examples.Rows > 0)
            _reader.RequireLength(examples.Columns, null);
        for (int first = 0; first < examples.Rows; first += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Chunk, examples.Rows - first);
            Matrix<T> rows = TakeExamples(count);
            for (int i = 0; i < count; i++)
                _reader.Read(examples.Row(first + i), rows.Row(i), first + i);
            MatrixView<T> outputs = destination.SliceRows(first, count);
            Model.Predict(rows.SliceRows(0, count), outputs, _workers);
            _examples.GiveBack(rows);
            _finish.Apply(outputs, first);
        }
    }

    /// <summary>Writes the probabilities or numbers for examples of bytes.</summary>
    /// <param name="examples">The examples, one after the other, each in the order of the training set's.</param>
    /// <param name="destination">Where to, <c>[batch, <see cref="OutputCount"/>]</c>.</param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <exception cref="InvalidExampleException">There are not as many bytes as the rows of the destination need.</exception>
    /// <exception cref="ArgumentException">The destination has another width.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what has been written so far is right.</exception>
    public void Predict(ReadOnlySpan<byte> examples, MatrixView<T> destination, CancellationToken cancellationToken = default)
    {
        RequireDestination(destination.Rows, destination);
        RequireBytes(examples.Length, destination.Rows);
        int features = Model.InputShape.Count;
        for (int first = 0; first < destination.Rows; first += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Chunk, destination.Rows - first);
            PredictBytes(examples.Slice(first * features, count * features), destination.SliceRows(first, count), first);
        }
    }

    /// <summary>Predicts the examples of a data set of the same kind as the training set.</summary>
    /// <param name="dataset">
    /// The data set. Features are matched by their names where both sides have them. If the card has a preprocessing, the data set is what
    /// the preprocessing makes of a table.
    /// </param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <exception cref="ArgumentException">The examples are of another form, or a feature is missing.</exception>
    /// <exception cref="InvalidExampleException">The outputs for an example are not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Prediction[] Predict(Dataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var outputs = new Matrix<T>(dataset.Count, OutputCount);
        Predict(dataset, outputs.View, cancellationToken);
        return Describe(outputs);
    }

    /// <summary>Writes the probabilities or numbers for the examples of a data set.</summary>
    /// <param name="dataset">The data set, as for the overload without a destination.</param>
    /// <param name="destination">Where to, <c>[examples, <see cref="OutputCount"/>]</c>.</param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <exception cref="ArgumentException">The examples or the destination are of another form, or a feature is missing.</exception>
    /// <exception cref="InvalidExampleException">The outputs for an example are not finite.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; what has been written so far is right.</exception>
    public void Predict(Dataset dataset, MatrixView<T> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        RequireDestination(dataset.Count, destination);
        Score(dataset, destination, cancellationToken, _finish.Apply);
    }

    /// <summary>Predicts the rows of a table, which go through the card's preprocessing.</summary>
    /// <param name="table">The table. Columns are found by name; further columns are ignored.</param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <returns>The predictions in the order of the rows.</returns>
    /// <exception cref="InvalidOperationException">The card has no preprocessing.</exception>
    /// <exception cref="InvalidDataException">
    /// A column is missing, a category unknown, a number beyond the range of <typeparamref name="T"/>, or a value missing that is not
    /// filled in; the message names the place.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Prediction[] Predict(Table table, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Card.Preprocessing is not { } preprocessing)
            throw new InvalidOperationException("The model's card has no preprocessing, which makes examples of a table's rows.");

        // A label that is unknown or missing does not matter here, and a row that is left out would shift the others.
        Preprocessing steps = preprocessing with { LabelColumn = null, TargetColumns = [] };
        if (steps.MissingValues == MissingValues.DropExample)
            steps = steps with { MissingValues = MissingValues.Refuse };
        PreprocessingRun.RequireRange<T>(steps, table);

        // In double, so that numbers are rounded once, after the normalization: a mean far above the standard deviation costs no digits.
        return Predict(steps.Apply<double>(table), cancellationToken);
    }

    /// <summary>Predicts examples that are given by records.</summary>
    /// <typeparam name="TRecord">The type of a record.</typeparam>
    /// <param name="records">The records.</param>
    /// <param name="values">The named values of a record.</param>
    /// <param name="cancellationToken">Stops between two chunks of examples.</param>
    /// <returns>The predictions in the order of the records.</returns>
    /// <exception cref="InvalidExampleException">A name is unknown, missing or there twice, or a value is not of its column.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Prediction[] PredictAll<TRecord>(
        IEnumerable<TRecord> records, Func<TRecord, (string Name, FeatureValue Value)[]> values,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(values);
        var predictions = new List<Prediction>();
        foreach (TRecord[] chunk in records.Chunk(Chunk))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Matrix<T> rows = TakeExamples(chunk.Length);
            var outputs = new Matrix<T>(chunk.Length, OutputCount);
            for (int i = 0; i < chunk.Length; i++)
                _reader.Read(values(chunk[i]), rows.Row(i), predictions.Count + i);
            Model.Predict(rows.SliceRows(0, chunk.Length), outputs.View, _workers);
            _examples.GiveBack(rows);
            _finish.Apply(outputs.View, predictions.Count);
            predictions.AddRange(Describe(outputs));
        }
        return [.. predictions];
    }

    private Prediction[] Describe(Matrix<T> outputs)
    {
        var predictions = new Prediction[outputs.Rows];
        for (int i = 0; i < predictions.Length; i++)
            predictions[i] = _finish.Describe(outputs.Row(i));
        return predictions;
    }

    /// <summary>Runs the network on a data set, chunk by chunk.</summary>
    private void Score(Dataset dataset, MatrixView<T> destination, CancellationToken cancellationToken, FinishChunk finish)
    {
        Dataset aligned = dataset.AlignedTo(dataset.Description with
        {
            FeatureNames = Card.FeatureNames.Count > 0 && dataset.Description.FeatureNames.Count > 0 ? Card.FeatureNames
                : dataset.Description.FeatureNames,
        });
        RequireForm(aligned.Description);
        if (Card.Preprocessing is { } preprocessing && dataset.Description.Preparation is { } other && !preprocessing.MakesTheSame(other))
        {
            throw new ArgumentException(
                $"Expected examples that the card's preprocessing made; found those of another {other.Key}. Give the table itself, or "
                + "apply the card's preprocessing to it.",
                nameof(dataset));
        }
        Card.RequirePreparation(dataset.Description.Preparation, "the data set");
        var batch = new Batch<T>(Chunk, aligned.Description);
        for (int first = 0; first < aligned.Count; first += Chunk)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(Chunk, aligned.Count - first);
            batch.ReferRange(aligned, first, count, _reader.Transform);
            MatrixView<T> outputs = destination.SliceRows(first, count);
            Model.Predict(batch.InputFor(Model.ReadsBytes), outputs, _workers);
            finish(outputs, first);
        }
    }

    private void RequireForm(DatasetDescription found)
    {
        bool isImage = found.ExampleShape.Rank == 3;
        if (found.ExampleShape.Count != Model.InputShape.Count
            || (found.ExampleShape.Rank == Model.InputShape.Rank && found.ExampleShape != Model.InputShape)
            || (isImage && found.Order != Card.Order))
        {
            throw new ArgumentException(
                $"The model takes examples of {Model.InputShape}{(isImage ? $", {Card.Order}" : "")}; those of the data set are "
                + $"{found.ExampleShape}{(isImage ? $", {found.Order}" : "")}.",
                "dataset");
        }
    }

    private void RequireDestination(int rows, MatrixView<T> destination)
    {
        if (destination.Rows != rows || destination.Columns != OutputCount)
        {
            throw new ArgumentException(
                $"The predictions of {rows} examples fill [{rows}, {OutputCount}]; found {destination.ToString()}.", nameof(destination));
        }
    }

    private delegate void FinishChunk(MatrixView<T> outputs, int? first);
}
