using System.Diagnostics;
using DeepLearn.Models;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Samples.CommandLine.Training;

/// <summary>
/// Measures the time that updates take, without the evaluations between them, over all the parts of a run that is taken up again. To be
/// made just before training begins.
/// </summary>
public sealed class UpdateClock : TrainingCallback<float>, IResumable
{
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>The time of all updates so far, with the making of their batches.</summary>
    public double UpdateSeconds { get; private set; }

    /// <inheritdoc/>
    public override TrainingDecision OnStep(in StepReport<float> report)
    {
        UpdateSeconds += Stopwatch.GetElapsedTime(_last).TotalSeconds;
        _last = Stopwatch.GetTimestamp();
        return TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    public override TrainingDecision OnEvaluation(TrainingPoint point, Model<float> model)
    {
        _last = Stopwatch.GetTimestamp();
        return TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Write("seconds", UpdateSeconds);
    }

    /// <inheritdoc/>
    public Action Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double seconds = state.ReadNumber("seconds");
        return () =>
        {
            UpdateSeconds = seconds;
            _last = Stopwatch.GetTimestamp();
        };
    }
}
