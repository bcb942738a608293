namespace DeepLearn.Search.Importances;

/// <summary>The variance of a tree over the unit cube, and how it falls to dimensions and pairs of them.</summary>
internal sealed class VarianceDecomposition
{
    private readonly List<RegressionTree.Leaf> _leaves;
    private readonly double[] _volumes;
    private readonly double[] _singles;
    private readonly double[][] _edges;
    private readonly double _mean;

    /// <summary>A decomposition.</summary>
    /// <param name="leaves">The tree.</param>
    /// <param name="dimensions">The number of dimensions.</param>
    public VarianceDecomposition(List<RegressionTree.Leaf> leaves, int dimensions)
    {
        _leaves = leaves;
        _volumes = [.. leaves.Select(leaf => VolumeOf(leaf, -1, -1))];
        for (int i = 0; i < leaves.Count; i++)
            _mean += _volumes[i] * leaves[i].Value;
        for (int i = 0; i < leaves.Count; i++)
            Total += _volumes[i] * (leaves[i].Value - _mean) * (leaves[i].Value - _mean);
        _edges = [.. Enumerable.Range(0, dimensions)
            .Select(j => leaves.SelectMany(leaf => new[] { leaf.Low[j], leaf.High[j] }).Distinct().Order().ToArray())];
        _singles = [.. Enumerable.Range(0, dimensions).Select(Single)];
    }

    /// <summary>The variance of the tree.</summary>
    public double Total { get; }

    /// <summary>The variance of its mean over all other dimensions.</summary>
    public double Of(int dimension) => _singles[dimension];

    /// <summary>The variance of its mean over all but two dimensions, beyond those of each of the two.</summary>
    public double Of(int dimension, int other)
    {
        double[] edges = _edges[dimension], others = _edges[other];
        int columns = others.Length - 1;
        var means = new double[(edges.Length - 1) * columns];
        foreach (RegressionTree.Leaf leaf in _leaves)
        {
            double weight = VolumeOf(leaf, dimension, other) * (leaf.Value - _mean);
            int from = Array.BinarySearch(others, leaf.Low[other]), to = Array.BinarySearch(others, leaf.High[other]);
            for (int i = Array.BinarySearch(edges, leaf.Low[dimension]); edges[i] < leaf.High[dimension]; i++)
            {
                for (int j = from; j < to; j++)
                    means[(i * columns) + j] += weight;
            }
        }
        double variance = 0;
        for (int i = 0; i < edges.Length - 1; i++)
        {
            for (int j = 0; j < columns; j++)
                variance += (edges[i + 1] - edges[i]) * (others[j + 1] - others[j]) * means[(i * columns) + j] * means[(i * columns) + j];
        }
        return Math.Max(0, variance - _singles[dimension] - _singles[other]);
    }

    private double Single(int dimension)
    {
        double[] edges = _edges[dimension];
        var means = new double[edges.Length - 1];
        foreach (RegressionTree.Leaf leaf in _leaves)
        {
            double weight = VolumeOf(leaf, dimension, -1) * (leaf.Value - _mean);
            for (int i = Array.BinarySearch(edges, leaf.Low[dimension]); edges[i] < leaf.High[dimension]; i++)
                means[i] += weight;
        }
        double variance = 0;
        for (int i = 0; i < means.Length; i++)
            variance += (edges[i + 1] - edges[i]) * means[i] * means[i];
        return variance;
    }

    // Of a box, without two of its dimensions.
    private static double VolumeOf(RegressionTree.Leaf leaf, int without, int withoutToo)
    {
        double volume = 1;
        for (int j = 0; j < leaf.Low.Length; j++)
        {
            if (j != without && j != withoutToo)
                volume *= leaf.High[j] - leaf.Low[j];
        }
        return volume;
    }
}
