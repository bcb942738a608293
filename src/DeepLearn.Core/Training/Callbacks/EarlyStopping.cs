using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training.Callbacks;

/// <summary>
/// Stops training when the validation loss (the training loss, where nothing is validated) has stopped falling, and keeps what the model
/// held when it was lowest (Prechelt, "Early Stopping - But When?", 1998).
/// </summary>
/// <remarks>Any loss below the lowest so far is an improvement, however small. A loss that is not a number is none.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EarlyStopping<T> : TrainingCallback<T>, IResumable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _patience;
    private int _waited;

    /// <summary>A callback that has seen nothing yet.</summary>
    /// <param name="patience">
    /// The number of evaluations in a row without improvement of which the last stops training, at least 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patience"/> is below 1.</exception>
    public EarlyStopping(int patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        _patience = patience;
    }

    /// <summary>What the model held at the best evaluation, for the caller to restore; null before the first.</summary>
    public ModelSnapshot<T>? Best { get; private set; }

    /// <summary>The best evaluation; null before the first.</summary>
    public TrainingPoint? BestPoint { get; private set; }

    /// <inheritdoc/>
    public override TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (BestPoint is null || LossOf(point) < LossOf(BestPoint) || (double.IsNaN(LossOf(BestPoint)) && !double.IsNaN(LossOf(point))))
        {
            BestPoint = point;
            if (Best is null)
                Best = ModelSnapshot<T>.Of(model);
            else
                Best.TakeFrom(model);
            _waited = 0;
            return TrainingDecision.Continue;
        }
        return ++_waited >= _patience ? TrainingDecision.Stop : TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Write("patience", _patience);
        state.Write("waited", _waited);
        state.Write("best point", BestPoint is null ? [] : [BestPoint]);
        if (Best is not null)
            state.Write("best", Best);
    }

    /// <inheritdoc/>
    public Action Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require("patience", _patience);
        int waited = (int)state.ReadInteger("waited");
        ValueList<TrainingPoint> points = state.ReadPoints("best point");
        ModelSnapshot<T>? best = points.Count == 0 ? null : state.ReadSnapshot<T>("best");
        return () =>
        {
            _waited = waited;
            BestPoint = points.Count == 0 ? null : points[0];
            Best = best;
        };
    }

    private static double LossOf(TrainingPoint point) => (point.Validation ?? point.Training).Loss;
}
