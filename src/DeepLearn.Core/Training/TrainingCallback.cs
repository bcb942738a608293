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
    /// <summary>The factor on the schedule's rate for the next updates. Default 1. Those of several callbacks multiply.</summary>
    public virtual double RateFactor => 1;

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
}
