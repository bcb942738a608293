using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>Some of another data set's examples, in an order of their own: a list of indices, no copy of the examples.</summary>
internal sealed class Subset : Dataset
{
    // Indices are translated in pieces on the stack, so that gathering allocates nothing and needs no lock.
    private const int Chunk = 256;

    private readonly Dataset _whole;
    private readonly int[] _indices;
    private readonly double[] _weights;

    /// <param name="whole">The data set.</param>
    /// <param name="indices">Which of its examples; kept, and changed.</param>
    /// <param name="weights">The weights of these examples; null for those that they have.</param>
    public Subset(Dataset whole, int[] indices, double[]? weights = null)
        : base(indices.Length, whole.Description, LabelsAt(whole, indices))
    {
        _weights = weights ?? WeightsAt(whole, indices);

        // A subset of a subset refers to the whole at once, so that depth costs nothing.
        if (whole is Subset inner)
        {
            for (int i = 0; i < indices.Length; i++)
                indices[i] = inner._indices[indices[i]];
            whole = inner._whole;
        }
        _whole = whole;
        _indices = indices;
    }

    public override IReadOnlyList<Dataset> Sources => [_whole];

    public override ReadOnlySpan<double> Weights => _weights;

    public override long OwnMemoryInBytes =>
        base.OwnMemoryInBytes + (_indices.Length * (long)sizeof(int)) + (_weights.Length * (long)sizeof(double));

    public override bool HoldsBytes => _whole.HoldsBytes;

    public override bool GathersFeatures => _whole.GathersFeatures;

    public override void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
    {
        Span<int> translated = stackalloc int[Chunk];
        for (int done = 0; done < indices.Length; done += Chunk)
            _whole.AddTo(Translate(indices, done, translated), moments);
    }

    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
    {
        Span<int> translated = stackalloc int[Chunk];
        for (int done = 0; done < indices.Length; done += Chunk)
        {
            ReadOnlySpan<int> some = Translate(indices, done, translated);
            _whole.Gather(some, transform, destination.SliceRows(done, some.Length));
        }
    }

    protected override void GatherFeaturesCore<T>(
        ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
    {
        Span<int> translated = stackalloc int[Chunk];
        for (int done = 0; done < indices.Length; done += Chunk)
        {
            ReadOnlySpan<int> some = Translate(indices, done, translated);
            _whole.GatherFeatures(some, transform, first, destination.SliceRows(done, some.Length));
        }
    }

    protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        Span<int> translated = stackalloc int[Chunk];
        for (int done = 0; done < indices.Length; done += Chunk)
        {
            ReadOnlySpan<int> some = Translate(indices, done, translated);
            _whole.GatherTargets(some, destination.SliceRows(done, some.Length));
        }
    }

    protected override ReadOnlyMemory<byte> BytesCore(int index) => _whole.Bytes(_indices[index]);

    private static int[]? LabelsAt(Dataset whole, int[] indices)
    {
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)whole.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), $"An example's index is from 0 to {whole.Count - 1}; found {index}.");
            }
        }
        if (whole.Classes == 0)
            return null;
        var labels = new int[indices.Length];
        whole.GatherLabels(indices, labels);
        return labels;
    }

    private static double[] WeightsAt(Dataset whole, int[] indices)
    {
        ReadOnlySpan<double> all = whole.Weights;
        if (all.IsEmpty)
            return [];
        var weights = new double[indices.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = all[indices[i]];
        return weights;
    }

    private ReadOnlySpan<int> Translate(ReadOnlySpan<int> indices, int first, Span<int> translated)
    {
        Span<int> some = translated[..Math.Min(Chunk, indices.Length - first)];
        for (int i = 0; i < some.Length; i++)
            some[i] = _indices[indices[first + i]];
        return some;
    }
}
