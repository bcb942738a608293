using DeepLearn.Foundation;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training;

public sealed partial class Trainer<T>
{
    private CheckpointKeeper<T>? _checkpoints;
    private double _earlierSeconds;

    // False from the beginning of an update, or of an evaluation's callbacks, to its end.
    private bool _isBetweenSteps = true;

    /// <summary>
    /// Where and how often all that decides the rest of the run is written down; null, the default, for never. A run that has been killed
    /// goes on from there by <see cref="TryResume"/>, to the same bits.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// A part of the network or of the plan cannot be told from another one by its text: it prints one of its options as the name of a
    /// type, or not at all.
    /// </exception>
    public Checkpointing? Checkpointing
    {
        get;
        init
        {
            if (value is not null)
                TrainingIdentity.RequireTelling(Model.Network, Plan);
            field = value;
            _checkpoints = value is null ? null : new(value, Model, Working.Step.OptimizerState, Callbacks, Identify);
        }
    }

    /// <summary>The time that the run has taken, with what went before its checkpoint.</summary>
    private double Seconds => _earlierSeconds + _clock.Elapsed.TotalSeconds;

    /// <summary>
    /// Goes to where the run's checkpoint is, if there is one: model, optimizer, callbacks and learning curves are then as they were, and
    /// <see cref="Run"/> goes on to the same bits as if it had never been interrupted. To be called before the first step, with the model
    /// as it is at the beginning of the run and with all callbacks in place.
    /// </summary>
    /// <remarks>
    /// The length of the plan may be another one, as long as it is not below the steps that have been made: a run that has come to its end
    /// is so trained further, to the same bits as if it had been planned that long: an evaluation that was made only for its end is not in
    /// the checkpoint, and neither is what a callback gave the model then. A run that a callback stopped stays stopped.
    /// </remarks>
    /// <returns>Whether there was a checkpoint; false, and nothing done, where the run is yet to begin.</returns>
    /// <exception cref="InvalidOperationException">There is no <see cref="Checkpointing"/>, or the run has begun.</exception>
    /// <exception cref="IdentityMismatchException">
    /// The checkpoint is of another run: another plan, network, seed, data set or callback, which it names. Nothing has been changed.
    /// </exception>
    /// <exception cref="InvalidDataException">The file is damaged, or no checkpoint. Nothing has been changed.</exception>
    /// <exception cref="IOException">It cannot be read, or another run is writing it. Nothing has been changed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read. Nothing has been changed.</exception>
    /// <exception cref="ObjectDisposedException">The trainer has been disposed of.</exception>
    public bool TryResume()
    {
        ObjectDisposedException.ThrowIf(_working is null, this);
        using SoleUse.Scope use = _use.Begin();
        if (_checkpoints is null)
            throw new InvalidOperationException($"A run is taken up from its checkpoint; the trainer has no {nameof(Checkpointing)}.");
        if (StepsDone > 0 || _curve.Count > 0)
            throw new InvalidOperationException($"A run is taken up before it has begun; found {StepsDone} steps made.");
        if (_checkpoints.TryLoad(TotalSteps) is not { } saved)
            return false;
        StepsDone = saved.Steps;
        _stopped = saved.Stopped;
        _lastLoss = saved.LastLoss;
        _earlierSeconds = saved.Seconds;
        _curve.AddRange(saved.Curve);
        return true;
    }

    /// <summary>
    /// Writes a checkpoint now, between two calls of <see cref="Run"/>. That of a run that has come to its end stands already.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// There is no <see cref="Checkpointing"/>, or the last step or evaluation did not come to its end, since a callback failed.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, or there is one already, which the run has not been taken up from.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The trainer has been disposed of.</exception>
    public void SaveCheckpoint()
    {
        ObjectDisposedException.ThrowIf(_working is null, this);
        if (_checkpoints is null)
            throw new InvalidOperationException($"The trainer has no {nameof(Checkpointing)}.");
        using SoleUse.Scope use = _use.Begin(mayBeWithin: true);
        if (!_isBetweenSteps)
            throw new InvalidOperationException("A checkpoint is written between two steps; the last one did not come to its end.");
        if (_ended)
            _checkpoints.SaveUnlessSaved(RunProgress());
        else
            _checkpoints.Save(RunProgress());
    }

    /// <summary>
    /// Whether the steps that have been made are measured only since they are the last of the plan: a run that was planned longer would not
    /// have been, so that a checkpoint is written before.
    /// </summary>
    private bool IsMeasuredForEndAlone => StepsDone == TotalSteps && _evaluation.IncludesStep(StepsDone, TotalSteps)
        && !_evaluation.IncludesStep(StepsDone, long.MaxValue);

    private RunProgress RunProgress() => new(StepsDone, _stopped, _lastLoss, Seconds, [.. _curve]);

    private RunIdentity Identify() => TrainingIdentity.Of(Model, Plan, _trainingSet, _validationSet, _workers);
}
