using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>Data sets one after the other, without a copy of their examples.</summary>
internal sealed class Concatenation : Dataset
{
    private readonly Dataset[] _parts;
    private readonly int[] _starts;
    private readonly double[] _weights;

    public Concatenation(Dataset[] parts)
        : base(TotalCount(parts), parts[0].Description, JoinedLabels(parts))
    {
        _parts = parts;
        _starts = new int[parts.Length];
        _weights = JoinedWeights(parts);
        for (int i = 1; i < parts.Length; i++)
            _starts[i] = _starts[i - 1] + parts[i - 1].Count;
    }

    public override IReadOnlyList<Dataset> Sources => _parts;

    public override ReadOnlySpan<double> Weights => _weights;

    public override long OwnMemoryInBytes => base.OwnMemoryInBytes + (_weights.Length * (long)sizeof(double));

    public override bool HoldsBytes => Array.TrueForAll(_parts, part => part.HoldsBytes);

    public override bool GathersFeatures => Array.TrueForAll(_parts, part => part.GathersFeatures);

    public override void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
    {
        foreach (int index in indices)
        {
            int part = PartOf(index);
            int local = index - _starts[part];
            _parts[part].AddTo(new ReadOnlySpan<int>(in local), moments);
        }
    }

    protected override ReadOnlyMemory<byte> BytesCore(int index)
    {
        int part = PartOf(index);
        return _parts[part].Bytes(index - _starts[part]);
    }

    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            int part = PartOf(indices[i]);
            int local = indices[i] - _starts[part];
            _parts[part].Gather(new ReadOnlySpan<int>(in local), transform, destination.SliceRows(i, 1));
        }
    }

    protected override void GatherFeaturesCore<T>(
        ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            int part = PartOf(indices[i]);
            int local = indices[i] - _starts[part];
            _parts[part].GatherFeatures(new ReadOnlySpan<int>(in local), transform, first, destination.SliceRows(i, 1));
        }
    }

    protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            int part = PartOf(indices[i]);
            int local = indices[i] - _starts[part];
            _parts[part].GatherTargets(new ReadOnlySpan<int>(in local), destination.SliceRows(i, 1));
        }
    }

    private static int TotalCount(Dataset[] parts)
    {
        if (parts.Length == 0)
            throw new ArgumentException("At least one data set is needed; found none.", nameof(parts));
        long count = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(parts[i]);
            DatasetDescription first = parts[0].Description, other = parts[i].Description;
            if (other.ExampleShape != first.ExampleShape || other.Order != first.Order || other.Classes != first.Classes
                || other.TargetWidth != first.TargetWidth)
            {
                throw new ArgumentException(
                    $"Data sets that follow each other have one shape, order of pixels, number of classes and width of targets; the "
                    + $"first has "
                    + $"{Describe(first)}, number {i} (from 0) has {Describe(other)}.", nameof(parts));
            }
            count += parts[i].Count;
        }
        if (count > Array.MaxLength)
            throw new ArgumentException($"A data set has at most {Array.MaxLength} examples; found {count}.", nameof(parts));
        return (int)count;
    }

    private static string Describe(DatasetDescription description) =>
        $"{description.ExampleShape}, {description.Order}, {description.Classes}, {description.TargetWidth}";

    private static int[]? JoinedLabels(Dataset[] parts)
    {
        if (parts[0].Classes == 0)
            return null;
        var labels = new int[TotalCount(parts)];
        int done = 0;
        foreach (Dataset part in parts)
        {
            part.Labels.CopyTo(labels.AsSpan(done));
            done += part.Count;
        }
        return labels;
    }

    // If some parts have weights, each example of the other parts has weight 1.
    private static double[] JoinedWeights(Dataset[] parts)
    {
        if (Array.TrueForAll(parts, part => part.Weights.IsEmpty))
            return [];
        var weights = new double[TotalCount(parts)];
        Array.Fill(weights, 1);
        int done = 0;
        foreach (Dataset part in parts)
        {
            part.Weights.CopyTo(weights.AsSpan(done));
            done += part.Count;
        }
        return weights;
    }

    private int PartOf(int index)
    {
        // The last part that starts at or before the index; an empty part shares its start with the next one, which is then the last.
        int low = 0, high = _starts.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_starts[middle] <= index)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
