using System.Buffers;
using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
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

    public override bool HoldsBytes => _features.Length == 0 && _source.HoldsBytes;

    public override void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
    {
        if (!_source.HoldsBytes)
        {
            base.AddTo(indices, moments);
            return;
        }
        ArgumentNullException.ThrowIfNull(moments);
        byte[] ordered = ArrayPool<byte>.Shared.Rent(ExampleShape.Count);
        foreach (int index in indices)
        {
            ReadOnlySpan<byte> bytes = _source.Bytes(index).Span;
            moments.Add(_features.Length == 0 ? bytes : Ordered<byte>(bytes, ordered));
        }
        ArrayPool<byte>.Shared.Return(ordered);
    }

    public static Dataset Align(Dataset source, DatasetDescription description)
    {
        DatasetDescription found = source.Description;
        if (found == description)
            return source;
        bool areImages = found.ExampleShape.Rank == 3 && description.ExampleShape.Rank == 3;
        bool isReordered = areImages && found.Order != description.Order;
        Shape shape = isReordered ? PixelOrders.Reordered(found.ExampleShape, description.Order) : found.ExampleShape;
        bool isNameless = found.FeatureNames.Count == 0 || description.FeatureNames.Count == 0;
        if ((shape.Count != description.ExampleShape.Count && isNameless) || shape.Rank != description.ExampleShape.Rank
            || (shape.Rank > 1 && shape != description.ExampleShape))
        {
            throw Differs($"examples of shape {description.ExampleShape}{Order(description)}", $"{found.ExampleShape}{Order(found)}");
        }
        if (found.TargetWidth != description.TargetWidth)
            throw Differs($"{description.TargetWidth} targets", $"{found.TargetWidth}");
        int[] features = isReordered
            ? PixelOrders.Places(ImageLayout.Of(description))
            : Positions("feature", description.FeatureNames, found.FeatureNames, description.ExampleShape.Count);
        if (found.ExampleShape.Count > features.Length)
        {
            string further = found.FeatureNames.First(name => !description.FeatureNames.Contains(name));
            throw Differs($"the features {description.FeatureNames}", $"a further one, '{further}'");
        }
        if (Likeness.AreOtherwise(description.Preparation, found.Preparation))
        {
            throw Differs(
                $"the same {description.Preparation!.Key}", "another one; fit it to the training set alone, and apply it to both");
        }
        int[]? labels = LabelsOf(source, description);
        bool areInPlace = !isReordered && features.Select((feature, i) => feature == i).All(isSame => isSame);
        bool areSame = labels is null || source.Labels.SequenceEqual(labels);

        // The labels may be the same where none is of a class that stands elsewhere: what they are called is not.
        bool areNamedSo = description.ClassNames.Count == 0 || found.ClassNames.Count == 0 || description.ClassNames == found.ClassNames;

        // Whoever gives a preparation with columns in this data set's own order does not mean it for another order.
        if (!areInPlace && !isReordered && ReferenceEquals(description.Preparation, found.Preparation))
            description = description with { Preparation = null };
        return areInPlace && areSame && areNamedSo && found.Classes == description.Classes
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

        if (_source.HoldsBytes)
        {
            GatherBytes(indices, transform, destination);
            return;
        }

        // At double, so that nothing is rounded before it is normalized.
        double[] row = ArrayPool<double>.Shared.Rent(_source.ExampleShape.Count), ordered = ArrayPool<double>.Shared.Rent(_features.Length);
        try
        {
            for (int i = 0; i < indices.Length; i++)
            {
                _source.Gather(indices.Slice(i, 1), new MatrixView<double>(row, 1, _source.ExampleShape.Count));
                Ordered<double>(row, ordered);
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

    protected override ReadOnlyMemory<byte> BytesCore(int index) => _source.Bytes(index);

    protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination) =>
        _source.GatherTargets(indices, destination);

    // As a data set of the bytes in this order would.
    private void GatherBytes<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] ordered = ArrayPool<byte>.Shared.Rent(_features.Length);
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<byte> bytes = Ordered<byte>(_source.Bytes(indices[i]).Span, ordered);
            if (transform is null)
                ByteConversion.Convert(bytes, T.One, T.Zero, destination.Row(i));
            else
                transform.Apply(bytes, destination.Row(i));
        }
        ArrayPool<byte>.Shared.Return(ordered);
    }

    private ReadOnlySpan<TItem> Ordered<TItem>(ReadOnlySpan<TItem> example, Span<TItem> ordered)
    {
        for (int j = 0; j < _features.Length; j++)
            ordered[j] = example[_features[j]];
        return ordered[.._features.Length];
    }

    private static string Order(DatasetDescription description) => description.ExampleShape.Rank == 3 ? $", {description.Order}" : "";

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
