using System.Numerics;
using DeepLearn.Models;

namespace DeepLearn.Training;

/// <summary>Looks on while a model is trained, and may stop it or change the learning rate. The base does nothing.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The factor on the schedule's rate for the next updates. Default 1. Those of several callbacks multiply.</summary>
    public virtual double RateFactor => 1;

    /// <summary>Called after each update.</summary>
    /// <param name="report">What happened.</param>
    public virtual TrainingDecision OnStep(in StepReport<T> report) => TrainingDecision.Continue;

    /// <summary>Called after each evaluation.</summary>
    /// <param name="point">The new point of the learning curves.</param>
    /// <param name="model">The model.</param>
    public virtual TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model) => TrainingDecision.Continue;
}
