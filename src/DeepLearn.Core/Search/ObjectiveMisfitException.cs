namespace DeepLearn.Search;

/// <summary>
/// An objective does not fit its search or its data, whatever the trial: it stops the search where another exception fails the trial.
/// </summary>
/// <param name="message">What was expected and what was found.</param>
internal sealed class ObjectiveMisfitException(string message) : InvalidOperationException(message);
