namespace DeepLearn.Training;

/// <summary>At which steps training is measured, and on how many examples. An immutable value.</summary>
public sealed record EvaluationPlan
{
    /// <summary>The number of steps between two evaluations, counted from the start; 0, the default, for none but the last.</summary>
    public long Every { get; init; }

    /// <summary>Whether there is an evaluation before the first step; default false.</summary>
    public bool AtStart { get; init; }

    /// <summary>Whether there is an evaluation after the last step; default true.</summary>
    public bool AtEnd { get; init; } = true;

    /// <summary>How many examples of the training set are used, the first ones; 0, the default, for all of them.</summary>
    public int TrainingExamples { get; init; }

    /// <summary>Whether there is an evaluation when a number of steps has been made.</summary>
    /// <param name="stepsDone">The number of steps made.</param>
    /// <param name="totalSteps">The number that training lasts.</param>
    public bool IncludesStep(long stepsDone, long totalSteps) =>
        (stepsDone == 0 && AtStart) || (stepsDone == totalSteps && AtEnd) || (stepsDone > 0 && Every > 0 && stepsDone % Every == 0);

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
                + $"{totalSteps} steps of training, found {Every}.");
        }
    }
}
