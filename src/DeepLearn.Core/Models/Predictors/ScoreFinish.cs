using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Losses;
using DeepLearn.Tensors;

namespace DeepLearn.Models.Predictors;

/// <summary>Makes probabilities, or numbers in the units of the targets, from a network's outputs, row by row.</summary>
internal sealed class ScoreFinish<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ModelCard _card;
    private readonly PredictionTask _task;
    private readonly ValueList<string> _names;

    public ScoreFinish(ModelCard card, PredictionTask task)
    {
        _card = card;
        _task = task;
        _names = task.Classes > 0 ? card.ClassNames : card.TargetNames.Count > 0 ? card.TargetNames : card.ClassNames;
    }

    /// <summary>The names of what is predicted; empty if they are not known.</summary>
    public ValueList<string> Names => _names;

    /// <summary>Finishes outputs in place.</summary>
    /// <param name="outputs">The network's outputs, <c>[batch, outputs]</c>.</param>
    /// <param name="first">The position of the first one in the whole batch; null if there is only one.</param>
    /// <exception cref="InvalidExampleException">An output is not finite.</exception>
    public void Apply(MatrixView<T> outputs, int? first)
    {
        for (int i = 0; i < outputs.Rows; i++)
        {
            Span<T> row = outputs.Row(i);
            foreach (T output in row)
            {
                if (!T.IsFinite(output))
                {
                    PredictionTelemetry.Refuse();
                    throw new InvalidExampleException(
                        FormattableString.Invariant($"The network's outputs for this example are not finite ({output}): its features are ")
                        + "far outside what the model was trained on.", null, first + i);
                }
            }
            if (_task.Kind == TaskKind.Regression)
                Unscale(row);
            else if (_card.Temperature != 1)
                Cool(row);
        }
        if (_task.Kind == TaskKind.Multiclass)
        {
            RowReductions.Softmax<T>(outputs, outputs, default);
        }
        else if (_task.Kind != TaskKind.Regression)
        {
            for (int i = 0; i < outputs.Rows; i++)
                Activations.Sigmoid(outputs.Row(i), outputs.Row(i));
        }
        PredictionTelemetry.Predicted(outputs.Rows);
    }

    /// <summary>The prediction of an example whose outputs are finished.</summary>
    public Prediction Describe(ReadOnlySpan<T> finished)
    {
        var numbers = new double[finished.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = double.CreateChecked(finished[i]);
        return _task.Kind switch
        {
            TaskKind.Regression => new(_task, _names, [], [.. numbers]),
            TaskKind.Binary => new(_task, _names, [1 - numbers[0], numbers[0]], []),
            _ => new(_task, _names, [.. numbers], []),
        };
    }

    private void Unscale(Span<T> row)
    {
        if (_card.TargetScaling is not { } scaling)
            return;
        for (int i = 0; i < row.Length; i++)
            row[i] = T.CreateChecked((double.CreateChecked(row[i]) * scaling.StandardDeviation[i]) + scaling.Mean[i]);
    }

    // Of several classes by their distances to the largest, so that no quotient is beyond the range but on the side where it is 0 as a
    // probability.
    private void Cool(Span<T> row)
    {
        double largest = 0;
        if (_task.Kind == TaskKind.Multiclass)
        {
            largest = double.NegativeInfinity;
            foreach (T output in row)
                largest = Math.Max(largest, double.CreateChecked(output));
        }
        for (int i = 0; i < row.Length; i++)
            row[i] = T.CreateChecked((double.CreateChecked(row[i]) - largest) / _card.Temperature);
    }
}
