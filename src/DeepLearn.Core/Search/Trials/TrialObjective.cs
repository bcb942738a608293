namespace DeepLearn.Search.Trials;

/// <summary>What a search maximizes or minimizes: a function of a trial, which knows nothing of samplers, stores or threads.</summary>
/// <param name="trial">The values to try, the budget, and a seed.</param>
/// <param name="context">Takes reports under way; an objective may ignore it.</param>
/// <param name="cancellationToken">
/// Asks the objective to stop: it throws <see cref="OperationCanceledException"/>, and the trial is left for another run.
/// </param>
/// <returns>The score and what else is to be kept.</returns>
/// <remarks>
/// Several calls run at the same time, each on one thread, so an objective changes nothing that they share. Where its score is a function
/// of the trial alone, so is the search's result. An exception fails the trial and not the search; <see cref="OutOfMemoryException"/> alone
/// stops the search, since it says more about the machine than about the trial.
/// </remarks>
public delegate TrialOutcome TrialObjective(Trial trial, TrialContext context, CancellationToken cancellationToken);
