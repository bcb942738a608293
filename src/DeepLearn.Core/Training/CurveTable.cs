using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training;

/// <summary>
/// Writes learning curves into checkpoints and reads them back, for callbacks that keep some. They are stored as a matrix, one row for each
/// point: step, epochs, learning rate; cost, loss, accuracy and number of examples in training; whether there is a validation, and the same
/// four numbers of it.
/// </summary>
public static class CurveTable
{
    private const int Columns = 12;

    // Beyond it, a double has not room for every whole number.
    private const double Most = 1L << 53;

    /// <summary>Writes points of learning curves, each number exactly.</summary>
    /// <param name="state">Where to.</param>
    /// <param name="name">Their name, used once.</param>
    /// <param name="points">The points.</param>
    /// <exception cref="ArgumentException">The name is empty or has been used.</exception>
    public static void WritePoints(this StateWriter state, string name, IReadOnlyList<TrainingPoint> points)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(points);
        var table = new Matrix<double>(points.Count, Columns);
        for (int i = 0; i < points.Count; i++)
        {
            TrainingPoint point = points[i];
            Span<double> row = table.Row(i);
            (row[0], row[1], row[2]) = (point.Step, point.Epochs, point.LearningRate);
            Write(point.Training, row[3..]);
            if (point.Validation is { } validation)
            {
                row[7] = 1;
                Write(validation, row[8..]);
            }
        }
        state.Write(name, table);
        WriteMetrics(state, name, points);
    }

    /// <summary>Reads points of learning curves.</summary>
    /// <param name="state">Where from.</param>
    /// <param name="name">Their name.</param>
    /// <exception cref="IdentityMismatchException">There are none of that name, or the numbers cannot be theirs.</exception>
    public static ValueList<TrainingPoint> ReadPoints(this StateReader state, string name)
    {
        ArgumentNullException.ThrowIfNull(state);
        Matrix<double> table = state.ReadMatrix<double>(name);
        if (table.Columns != Columns)
            throw state.Mismatch(name, $"a table of {Columns} columns", $"one of {table.Columns}");
        var points = new TrainingPoint[table.Rows];
        for (int i = 0; i < points.Length; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            if (!(row[0] >= 0 && row[0] <= Most) || !IsCount(row[6]) || row[7] is not (0 or 1) || !IsCount(row[11]))
                throw state.Mismatch(name, "points of learning curves", "other numbers");
            points[i] = new((long)row[0], row[1], row[2], Read(row[3..]), row[7] == 1 ? Read(row[8..]) : null);
        }
        ReadMetrics(state, name, points);
        return ValueList.Create<TrainingPoint>(points);
    }

    /// <summary>
    /// The names in a text, one a line, and a matrix: for each point those of training, then those of validation; NaN for none.
    /// </summary>
    private static void WriteMetrics(StateWriter state, string name, IReadOnlyList<TrainingPoint> points)
    {
        string[] names = NamesOf(points);
        state.Write($"{name} metrics", string.Join('\n', names));
        if (names.Length == 0)
            return;
        var table = new Matrix<double>(points.Count, 2 * names.Length);
        table.AsSpan().Fill(double.NaN);
        for (int i = 0; i < points.Count; i++)
        {
            foreach (MetricValue metric in points[i].Training.Metrics)
                table[i, Array.IndexOf(names, metric.Name)] = metric.Value;
            foreach (MetricValue metric in points[i].Validation?.Metrics ?? [])
                table[i, names.Length + Array.IndexOf(names, metric.Name)] = metric.Value;
        }
        state.Write($"{name} metrics table", table);
    }

    /// <summary>
    /// The names of all metrics in the order in which they were asked for, which each evaluation keeps: one that is absent in some, since
    /// it has no value there, has its place between those that stand around it in others.
    /// </summary>
    private static string[] NamesOf(IReadOnlyList<TrainingPoint> points)
    {
        var before = new Dictionary<string, HashSet<string>>();
        foreach (TrainingPoint point in points)
        {
            Add(point.Training.Metrics);
            Add(point.Validation?.Metrics ?? []);
        }
        var names = new List<string>(before.Count);
        while (before.Count > 0)
        {
            // Evaluations that contradict each other are nobody's whose metrics have names of their own.
            string next = before.Keys.FirstOrDefault(name => !before[name].Any(before.ContainsKey)) ?? before.Keys.First();
            names.Add(next);
            before.Remove(next);
        }
        return [.. names];

        void Add(ValueList<MetricValue> metrics)
        {
            for (int i = 0; i < metrics.Count; i++)
            {
                if (!before.TryGetValue(metrics[i].Name, out HashSet<string>? earlier))
                    before.Add(metrics[i].Name, earlier = []);
                if (i > 0)
                    earlier.Add(metrics[i - 1].Name);
            }
        }
    }

    private static void ReadMetrics(StateReader state, string name, TrainingPoint[] points)
    {
        string text = state.ReadText($"{name} metrics");
        if (text.Length == 0)
            return;
        string[] names = text.Split('\n');
        Matrix<double> table = state.ReadMatrix<double>($"{name} metrics table", points.Length, 2 * names.Length);
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = points[i] with
            {
                Training = points[i].Training with { Metrics = Metrics(table.Row(i)[..names.Length]) },
                Validation = points[i].Validation is { } validation
                    ? validation with { Metrics = Metrics(table.Row(i)[names.Length..]) }
                    : null,
            };
        }

        ValueList<MetricValue> Metrics(ReadOnlySpan<double> row)
        {
            var values = new List<MetricValue>();
            for (int j = 0; j < names.Length; j++)
            {
                if (!double.IsNaN(row[j]))
                    values.Add(new(names[j], row[j]));
            }
            return [.. values];
        }
    }

    private static bool IsCount(double value) => value is >= 0 and <= int.MaxValue;

    private static void Write(Evaluation evaluation, Span<double> row) =>
        (row[0], row[1], row[2], row[3]) = (evaluation.Cost, evaluation.Loss, evaluation.Accuracy ?? double.NaN, evaluation.Examples);

    private static Evaluation Read(ReadOnlySpan<double> row) =>
        new(row[0], row[1], double.IsNaN(row[2]) ? null : row[2], (int)row[3]);
}
