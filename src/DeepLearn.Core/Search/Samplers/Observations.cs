using System.Runtime.InteropServices;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>
/// The trials of a stage as positions in the unit cube: kept from call to call, since a logarithm for each value of each trial would take
/// longer the longer a search runs. Trials enter once, in order; a call that sees fewer than the one before uses the first of them.
/// </summary>
internal sealed class Observations(SearchSpace space)
{
    private readonly List<double[]> _positions = [];

    /// <summary>The positions of the trials of a history, by trial and by dimension of the space; NaN if a trial has no value.</summary>
    /// <param name="history">The history; one list that grows from call to call.</param>
    public double[][] Of(TrialHistory history)
    {
        lock (_positions)
        {
            for (int i = _positions.Count; i < history.Count; i++)
                _positions.Add(PositionsOf(history[i].Trial.Point));
            return CollectionsMarshal.AsSpan(_positions)[..history.Count].ToArray();
        }
    }

    /// <summary>The positions of a point by dimension of the space; NaN where it has no value.</summary>
    public double[] PositionsOf(SearchPoint point)
    {
        var positions = new double[space.Dimensions.Count];
        int next = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            // A point has its values in the order of the dimensions.
            bool isThere = next < point.Parameters.Count && point.Parameters[next].Name == space.Dimensions[i].Name;
            positions[i] = isThere ? space.Dimensions[i].PositionOf(point.Parameters[next++].Value) : double.NaN;
        }
        return positions;
    }
}
