using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Training;

/// <summary>The memory that one thread of an <see cref="Evaluator{T}"/> works in.</summary>
/// <param name="workspace">The activations of a chunk.</param>
/// <param name="batch">The examples of a chunk.</param>
/// <param name="targetScaling">What the targets of a regression were scaled by; null where they are as they are.</param>
internal sealed class EvaluationSlot<T>(ModelWorkspace<T> workspace, Batch<T> batch, Normalization? targetScaling)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<double>? _unscaled =
        targetScaling is null ? null : new Matrix<double>(batch.Capacity, targetScaling.Features);

    public ModelWorkspace<T> Workspace => workspace;

    public Batch<T> Batch => batch;

    /// <summary>Whether targets are scaled, and outputs with them.</summary>
    public bool IsScaled => _unscaled is not null;

    /// <summary>Outputs in the unit of the targets, in double.</summary>
    public MatrixView<double> Unscale(ReadOnlyMatrixView<T> outputs)
    {
        MatrixView<double> predicted = _unscaled!.SliceRows(0, outputs.Rows);
        for (int row = 0; row < outputs.Rows; row++)
        {
            for (int j = 0; j < outputs.Columns; j++)
            {
                double output = double.CreateChecked(outputs[row, j]);
                predicted[row, j] = (output * targetScaling!.StandardDeviation[j]) + targetScaling.Mean[j];
            }
        }
        return predicted;
    }
}
