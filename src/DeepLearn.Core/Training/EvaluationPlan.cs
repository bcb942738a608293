using DeepLearn.Foundation;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

/// <summary>At which steps training is measured, and on how many examples. An immutable value.</summary>
/// <example><code>
/// TrainingPlan watched = plan with { Evaluation = new() { Every = 50, Metrics = [new Accuracy(), new MacroF1()] } };
/// </code></example>
public sealed record EvaluationPlan
{
    /// <summary>
    /// The number of steps between two evaluations, at least 0, counted from the start; 0, the default, for none by steps.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public long Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Every));
            field = value;
        }
    }

    /// <summary>
    /// The number of epochs between two evaluations, at least 0, counted from the start; 0, the default, for none by epochs. Not together
    /// with <see cref="Every"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int EveryEpochs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(EveryEpochs));
            field = value;
        }
    }

    /// <summary>
    /// Metrics that each evaluation measures beside cost, loss and accuracy: <see cref="Evaluation.Metrics"/>. Each has to mean something
    /// for the task. Default: none.
    /// </summary>
    public ValueList<Metric> Metrics { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>Whether there is an evaluation before the first step; default false.</summary>
    public bool AtStart { get; init; }

    /// <summary>Whether there is an evaluation after the last step; default true.</summary>
    public bool AtEnd { get; init; } = true;

    /// <summary>
    /// How many examples of the training set are used, the first ones, at least 0; 0, the default, for all of them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int TrainingExamples
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(TrainingExamples));
            field = value;
        }
    }

    /// <summary>The same plan by steps alone.</summary>
    /// <param name="batchesPerEpoch">The number of steps of an epoch, at least 1.</param>
    /// <exception cref="ArgumentException">There is a distance in steps and one in epochs.</exception>
    public EvaluationPlan InSteps(int batchesPerEpoch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchesPerEpoch, 1);
        if (EveryEpochs > 0 && Every > 0)
        {
            throw new ArgumentException(
                $"Evaluations are by steps or by epochs; found every {Every} steps and every {EveryEpochs} epochs.");
        }
        return EveryEpochs == 0 ? this : this with { Every = (long)EveryEpochs * batchesPerEpoch, EveryEpochs = 0 };
    }

    /// <summary>Whether there is an evaluation when a number of steps has been made.</summary>
    /// <param name="stepsDone">The number of steps made.</param>
    /// <param name="totalSteps">The number that training lasts.</param>
    /// <exception cref="InvalidOperationException">Evaluations are by epochs: see <see cref="InSteps"/>.</exception>
    public bool IncludesStep(long stepsDone, long totalSteps) => EveryEpochs > 0
        ? throw new InvalidOperationException($"How many steps an epoch has is not known here; take {nameof(InSteps)} first.")
        : (stepsDone == 0 && AtStart) || (stepsDone == totalSteps && AtEnd) || (stepsDone > 0 && Every > 0 && stepsDone % Every == 0);

    /// <summary>Throws unless training is evaluated on its way, before its end: for callbacks that look at evaluations.</summary>
    /// <param name="callback">What needs it, for the message.</param>
    /// <param name="totalSteps">The number of steps that training lasts.</param>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public void RequireOnTheWay(string callback, long totalSteps)
    {
        if (Every <= 0 || (Every >= totalSteps && totalSteps > 1))
        {
            throw new InvalidOperationException(
                $"{callback} looks at evaluations on the way; expected {nameof(EvaluationPlan)}.{nameof(Every)} above 0 and below the "
                + $"{totalSteps} steps of training, found {Every}; {nameof(EveryEpochs)} counts in epochs.");
        }
    }
}
