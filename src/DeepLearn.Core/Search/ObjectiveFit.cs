using DeepLearn.Data;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Search;

/// <summary>Whether an objective that trains fits its search and its data: asked before a trial is trained.</summary>
internal static class ObjectiveFit
{
    /// <summary>Throws unless outputs have the accuracy by which a trial is scored where no score is given.</summary>
    /// <param name="validationSet">What it is measured on.</param>
    /// <param name="plan">The trial's plan.</param>
    /// <param name="outputs">The number of the network's outputs.</param>
    /// <exception cref="ObjectiveMisfitException">They have not.</exception>
    public static void RequireAccuracy(Dataset validationSet, TrainingPlan plan, int outputs)
    {
        if (!new Accuracy().AppliesTo(BatchTargets.TaskOf(validationSet, plan.EvaluationLoss ?? plan.Loss, outputs)))
        {
            throw new ObjectiveMisfitException(
                "A trial is scored by the accuracy on validation examples, which numbers do not have; give the objective a score, such as "
                + "minus the validation loss.");
        }
    }

    /// <summary>Throws unless a trial is evaluated at all, and before its end where the search has a pruner.</summary>
    /// <param name="plan">The trial's evaluations. Those that only a longer training would come to are no fault.</param>
    /// <param name="context">Knows whether there is a pruner.</param>
    /// <exception cref="ObjectiveMisfitException">It is not.</exception>
    public static void RequireEvaluations(EvaluationPlan plan, TrialContext context)
    {
        if (plan.AtStart || plan.Every > 0 || plan.EveryEpochs > 0)
            return;
        if (!plan.AtEnd)
        {
            throw new ObjectiveMisfitException(
                "A trial is scored by its last evaluation; expected a plan with at least one, found none.");
        }
        if (context.Pruner is { } pruner)
        {
            throw new ObjectiveMisfitException(
                $"The search's pruner ({pruner}) looks at scores on the way; expected {nameof(EvaluationPlan)}."
                + $"{nameof(EvaluationPlan.Every)} or {nameof(EvaluationPlan.EveryEpochs)} above 0 in the trial's plan, as in Evaluation = "
                + $"new() {{ {nameof(EvaluationPlan.EveryEpochs)} = 1 }}; found evaluations at the end alone. Or leave the pruner out.");
        }
    }

    /// <summary>Throws unless a trial of several folds can be stopped between two of them, where the search has a pruner.</summary>
    /// <param name="folds">The number of folds.</param>
    /// <param name="context">Knows whether there is a pruner.</param>
    /// <exception cref="ObjectiveMisfitException">It cannot.</exception>
    public static void RequireFolds(int folds, TrialContext context)
    {
        if (folds == 1 && context.Pruner is { } pruner)
        {
            throw new ObjectiveMisfitException(
                $"The search's pruner ({pruner}) looks at the scores between two folds; expected at least two folds, found one. Take "
                + $"{nameof(TrainingObjective)}, which reports each evaluation of a training, or leave the pruner out.");
        }
    }
}
