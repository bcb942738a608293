using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Schedules;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training.Callbacks;

/// <summary>
/// Keeps what a model holds at the end of each cycle of its schedule, for an ensemble that costs no more training than one model (Huang,
/// Li, Pleiss, Liu, Hopcroft and Weinberger, "Snapshot Ensembles: Train 1, Get M for Free", 2017).
/// </summary>
/// <remarks>The paper anneals by a cosine; here any <see cref="CyclicalSchedule"/> serves.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// var cycles = new CosineWarmRestartsSchedule(maximum: 0.1, firstCycle: 6);
/// var recorder = new SnapshotRecorder&lt;float&gt;(cycles);
/// using var trainer = new Trainer&lt;float&gt;(model, plan with { Schedule = cycles, Length = TrainingLength.Cycles(3) }, training, test);
/// trainer.Callbacks.Add(recorder);
/// trainer.Run();
/// Model&lt;float&gt; three = network.BuildEnsemble(training.ExampleShape, EnsembleCombination.Average, recorder.Snapshots);
/// </code></example>
public sealed class SnapshotRecorder<T> : TrainingCallback<T>, IResumable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CyclicalSchedule _schedule;
    private readonly List<ModelSnapshot<T>> _snapshots = [];

    /// <summary>Makes a recorder for one run of training, from its first step on.</summary>
    /// <param name="schedule">The schedule whose cycles are meant: that of the plan.</param>
    public SnapshotRecorder(CyclicalSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        _schedule = schedule;
    }

    /// <summary>The snapshots so far, one for each whole cycle, in order.</summary>
    public IReadOnlyList<ModelSnapshot<T>> Snapshots => _snapshots;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The plan has another schedule, whose cycles end elsewhere, or the recorder has been told of another run.
    /// </exception>
    public override void OnStart(TrainingPlan plan, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (!plan.Schedule.Equals(_schedule))
        {
            throw new InvalidOperationException(
                $"{nameof(SnapshotRecorder<>)} takes snapshots at the ends of the plan's cycles; expected the schedule {plan.Schedule}, "
                + $"found {_schedule}.");
        }
        RequireOneRun();
    }

    /// <inheritdoc/>
    /// <remarks>Snapshots that were taken before a checkpoint get the card of the model.</remarks>
    public override void OnEnd(Model<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        foreach (ModelSnapshot<T> snapshot in _snapshots)
            snapshot.Card = model.Card;
    }

    /// <inheritdoc/>
    public override TrainingDecision OnStep(in StepReport<T> report)
    {
        if (report.Step == _schedule.StepsIn(_snapshots.Count + 1))
            _snapshots.Add(ModelSnapshot<T>.Of(report.Model));
        return TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Write("schedule", PartText.Of(_schedule));
        state.Write("snapshots", _snapshots.Count);
        for (int i = 0; i < _snapshots.Count; i++)
            state.Write(NameOf(i), _snapshots[i]);
    }

    /// <inheritdoc/>
    public Action Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require("schedule", PartText.Of(_schedule));
        var snapshots = new List<ModelSnapshot<T>>();
        for (long left = state.ReadInteger("snapshots"); left > 0; left--)
            snapshots.Add(state.ReadSnapshot<T>(NameOf(snapshots.Count)));
        return () =>
        {
            _snapshots.Clear();
            _snapshots.AddRange(snapshots);
        };
    }

    private static string NameOf(int index) => FormattableString.Invariant($"snapshot {index + 1}");
}
