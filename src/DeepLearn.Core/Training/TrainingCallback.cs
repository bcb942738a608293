using System.Numerics;
using DeepLearn.Models;

namespace DeepLearn.Training;

/// <summary>
/// Watches the training of a model, and may stop it or change the learning rate. Override what you need; the base does nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// trainer.Callbacks.Add(new StopWhenSmall());
/// trainer.Run();
///
/// // A callback of your own.
/// sealed class StopWhenSmall : TrainingCallback&lt;float&gt;
/// {
///     public override TrainingDecision OnStep(in StepReport&lt;float&gt; report) =>
///         report.Loss &lt; 0.1 ? TrainingDecision.Stop : TrainingDecision.Continue;
/// }
/// </code></example>
public abstract class TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The run that it is used in now, and the one that it has remembered things of.
    private object? _current;
    private object? _remembered;

    /// <summary>The factor on the schedule's rate for the next updates. Default 1. Those of several callbacks multiply.</summary>
    public virtual double RateFactor => 1;

    /// <summary>
    /// Whether <see cref="OnEnd"/> puts other weights into the model than its last step left; default false. The trainer then measures the
    /// model once more, for <see cref="TrainingResult.Final"/> and the model's card, and refuses a second such callback, which would undo
    /// it.
    /// </summary>
    public virtual bool ReplacesWeights => false;

    /// <summary>
    /// Called when <see cref="Trainer{T}.Run"/> begins, before any step. A callback that cannot do its work with the plan throws here. By
    /// default nothing happens.
    /// </summary>
    /// <param name="plan">The plan of the training.</param>
    /// <param name="totalSteps">The number of updates that it comes to.</param>
    /// <exception cref="InvalidOperationException">The plan does not give what the callback needs.</exception>
    public virtual void OnStart(TrainingPlan plan, long totalSteps)
    {
    }

    /// <summary>
    /// Called when training has come to its end, by the plan or by a callback, after the last checkpoint. By default nothing happens.
    /// </summary>
    /// <param name="model">The model, which may be changed.</param>
    public virtual void OnEnd(Model<T> model)
    {
    }

    /// <summary>Called after each update.</summary>
    /// <param name="report">What happened.</param>
    public virtual TrainingDecision OnStep(in StepReport<T> report) => TrainingDecision.Continue;

    /// <summary>Called after each evaluation.</summary>
    /// <param name="point">The new point of the learning curves.</param>
    /// <param name="model">The model.</param>
    public virtual TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model) => TrainingDecision.Continue;

    /// <summary>
    /// Throws where the callback was used in another run before: to be called at the end of <see cref="OnStart"/> by one that remembers
    /// what it was told, and would take the other run's for this one's.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was.</exception>
    protected void RequireOneRun()
    {
        _remembered ??= _current;
        if (_remembered != _current)
        {
            throw new InvalidOperationException(
                $"{GetType().Name.Split('`')[0]} remembers the run that it was used in; expected a new one for each run, found one of "
                + "another.");
        }
    }

    /// <summary>Tells the callback which run it is used in, whenever that begins or goes on.</summary>
    internal void Enter(object run) => _current = run;
}
