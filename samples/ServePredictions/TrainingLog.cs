using DeepLearn.Models;
using DeepLearn.Training;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>Writes each evaluation of a run to the server's log.</summary>
/// <param name="name">The model's name.</param>
/// <param name="log">The log.</param>
public sealed class TrainingLog(string name, ILogger<TrainingLog> log) : TrainingCallback<float>
{
    private long _totalSteps;

    /// <inheritdoc/>
    public override void OnStart(TrainingPlan plan, long totalSteps) => _totalSteps = totalSteps;

    /// <inheritdoc/>
    public override TrainingDecision OnEvaluation(TrainingPoint point, Model<float> model)
    {
        if (point.Validation is { } validation)
        {
            log.LogInformation(
                "{Name}: step {Step} of {TotalSteps}, loss {Loss:g4} in training, {Validation:g4} in validation",
                name, point.Step, _totalSteps, point.Training.Loss, validation.Loss);
        }
        else
        {
            log.LogInformation(
                "{Name}: step {Step} of {TotalSteps}, loss {Loss:g4} in training", name, point.Step, _totalSteps, point.Training.Loss);
        }
        return TrainingDecision.Continue;
    }
}
