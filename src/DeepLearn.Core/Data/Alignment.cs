using System.Buffers;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>A view of a data set whose features and classes are in the order of another one's.</summary>
internal sealed class Alignment : Dataset
{
    private readonly Dataset _source;
    private readonly int[] _features;

    private Alignment(Dataset source, DatasetDescription description, int[] features, int[]? labels)
        : base(source.Count, description, labels)
    {
        _source = source;
        _features = features;
    }

    public override IReadOnlyList<Dataset> Sources => [_source];

    public override ReadOnlySpan<double> Weights => _source.Weights;

    public override long OwnMemoryInBytes => base.OwnMemoryInBytes + (_features.Length * (long)sizeof(int));

    public static Dataset Align(Dataset source, DatasetDescription description)
    {
        DatasetDescription found = source.Description;
        if (found == description)
            return source;
        bool isNameless = found.FeatureNames.Count == 0 || description.FeatureNames.Count == 0;
        if (found.ExampleShape.Count != description.ExampleShape.Count && isNameless)
            throw Differs($"examples of shape {description.ExampleShape}", $"{found.ExampleShape}");
        if (found.ExampleShape.Rank != description.ExampleShape.Rank
            || (description.ExampleShape.Rank > 1 && found.ExampleShape != description.ExampleShape))
        {
            throw Differs($"examples of shape {description.ExampleShape}", $"{found.ExampleShape}");
        }
        if (description.ExampleShape.Rank == 3 && found.Order != description.Order)
            throw Differs($"images in the order {description.Order}", $"{found.Order}");
        if (found.TargetWidth != description.TargetWidth)
            throw Differs($"{description.TargetWidth} targets", $"{found.TargetWidth}");
        int[] features = Positions("feature", description.FeatureNames, found.FeatureNames, description.ExampleShape.Count);
        if (found.ExampleShape.Count > features.Length)
        {
            string further = found.FeatureNames.First(name => !description.FeatureNames.Contains(name));
            throw Differs($"the features {description.FeatureNames}", $"a further one, '{further}'");
        }
        int[]? labels = LabelsOf(source, description);
        bool areInPlace = features.Select((feature, i) => feature == i).All(isSame => isSame);
        bool areSame = labels is null || source.Labels.SequenceEqual(labels);
        return areInPlace && areSame && found.Classes == description.Classes
            ? source
            : new Alignment(source, description, areInPlace ? [] : features, labels);
    }

    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
    {
        if (_features.Length == 0)
        {
            _source.Gather(indices, transform, destination);
            return;
        }

        // At double, so that nothing is rounded before it is normalized.
        double[] row = ArrayPool<double>.Shared.Rent(_source.ExampleShape.Count), ordered = ArrayPool<double>.Shared.Rent(_features.Length);
        try
        {
            for (int i = 0; i < indices.Length; i++)
            {
                _source.Gather(indices.Slice(i, 1), new MatrixView<double>(row, 1, _source.ExampleShape.Count));
                for (int j = 0; j < _features.Length; j++)
                    ordered[j] = row[_features[j]];
                if (transform is not null)
                {
                    transform.ApplyTo<double>(0, ordered.AsSpan(0, _features.Length), destination.Row(i));
                    continue;
                }
                for (int j = 0; j < _features.Length; j++)
                    destination[i, j] = T.CreateTruncating(ordered[j]);
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(row);
            ArrayPool<double>.Shared.Return(ordered);
        }
    }

    protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination) =>
        _source.GatherTargets(indices, destination);

    private static int[]? LabelsOf(Dataset source, DatasetDescription description)
    {
        if (description.Classes == 0)
            return source.Classes == 0 ? null : throw Differs("examples without classes", $"{source.Classes} classes");
        if (source.Classes == 0)
            throw Differs($"{description.Classes} classes", "none");
        ValueList<string> names = source.Description.ClassNames;
        if (names.Count == 0 || description.ClassNames.Count == 0)
        {
            return source.Classes == description.Classes
                ? source.Labels.ToArray()
                : throw Differs($"{description.Classes} classes", $"{source.Classes}, without names to match them by");
        }
        var positions = new int[names.Count];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = IndexOf(description.ClassNames, names[i]);
            if (positions[i] < 0 && source.Labels.Contains(i))
                throw Differs($"the classes {description.ClassNames}", $"'{names[i]}'");
        }
        var labels = new int[source.Count];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = positions[source.Labels[i]];
        return labels;
    }

    private static int[] Positions(string kind, ValueList<string> wanted, ValueList<string> there, int count)
    {
        int[] positions = [.. Enumerable.Range(0, count)];
        if (wanted.Count == 0 || there.Count == 0)
            return positions;
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = IndexOf(there, wanted[i]);
            if (positions[i] < 0)
                throw Differs($"a {kind} '{wanted[i]}'", $"{there}");
        }
        return positions;
    }

    private static int IndexOf(ValueList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                return i;
        }
        return -1;
    }

    private static ArgumentException Differs(string expected, string found) =>
        new($"A data set does not fit another one: expected {expected}, as there; found {found}.");
}
