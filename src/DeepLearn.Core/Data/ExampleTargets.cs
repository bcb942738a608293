using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>The part of a batch that says what its examples should be taken for: class labels, numbers, and how much each counts.</summary>
internal sealed class ExampleTargets<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _capacity;

    // Memory that is made when the first data set with weights comes.
    private double[] _weights = [];
    private bool _hasWeights;

    public ExampleTargets(int capacity, DatasetDescription description)
    {
        _capacity = capacity;
        Labels = description.Classes > 0 ? new int[capacity] : [];
        Values = description.TargetWidth > 0 ? new Matrix<T>(capacity, description.TargetWidth) : null;
    }

    /// <summary>The class labels; none where examples have no class.</summary>
    public int[] Labels { get; }

    /// <summary>The numeric targets; null where examples have none.</summary>
    public Matrix<T>? Values { get; }

    /// <summary>The targets before they were scaled; null where they are not.</summary>
    public Matrix<double>? ExactValues { get; private set; }

    /// <summary>The weights; empty where each example counts 1.</summary>
    public ReadOnlySpan<double> Weights => _hasWeights ? _weights : default;

    /// <summary>The size of its memory in bytes.</summary>
    public unsafe long MemoryInBytes =>
        ((Values?.Count ?? 0) * (long)sizeof(T)) + (Labels.Length * (long)sizeof(int))
        + ((_weights.Length + (long)(ExactValues?.Count ?? 0)) * sizeof(double));

    /// <summary>Makes room for the weights of a data set that has some.</summary>
    public void Prepare(Dataset dataset)
    {
        _hasWeights = !dataset.Weights.IsEmpty;
        if (_hasWeights && _weights.Length == 0)
            _weights = new double[_capacity];
    }

    /// <summary>Takes those of some examples.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="indices">The examples.</param>
    /// <param name="scaling">What is done to numeric targets; null for nothing.</param>
    public void Fill(Dataset dataset, ReadOnlySpan<int> indices, FeatureTransform<T>? scaling)
    {
        if (Labels.Length > 0)
            dataset.GatherLabels(indices, Labels);
        if (Values is not null)
            FillValues(dataset, indices, 0, scaling);
        for (int i = 0; i < indices.Length && _hasWeights; i++)
            _weights[i] = dataset.Weights[indices[i]];
    }

    /// <summary>Takes those of consecutive examples.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="first">The first example.</param>
    /// <param name="count">The number of examples.</param>
    /// <param name="scaling">What is done to numeric targets; null for nothing.</param>
    public void FillRange(Dataset dataset, int first, int count, FeatureTransform<T>? scaling)
    {
        Span<int> index = stackalloc int[1];
        for (int i = 0; i < count; i++)
        {
            index[0] = first + i;
            if (Labels.Length > 0)
                Labels[i] = dataset.Labels[first + i];
            if (Values is not null)
                FillValues(dataset, index, i, scaling);
            if (_hasWeights)
                _weights[i] = dataset.Weights[first + i];
        }
    }

    // Scaled targets are gathered in double, so that a large mean is taken away before anything is rounded.
    private void FillValues(Dataset dataset, ReadOnlySpan<int> indices, int row, FeatureTransform<T>? scaling)
    {
        if (scaling is null)
        {
            dataset.GatherTargets(indices, Values!.SliceRows(row, indices.Length));
            return;
        }
        ExactValues ??= new Matrix<double>(_capacity, Values!.Columns);
        dataset.GatherTargets(indices, ExactValues.SliceRows(row, indices.Length));
        for (int i = row; i < row + indices.Length; i++)
            scaling.ApplyTo<double>(0, ExactValues.Row(i), Values!.Row(i));
    }
}
