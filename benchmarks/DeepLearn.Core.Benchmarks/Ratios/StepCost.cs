namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Where the time of a training step goes: an element of the JSON that <c>ratios costs</c> writes. All times in
/// microseconds.</summary>
/// <param name="Network">The widths.</param>
/// <param name="Batch">The number of examples.</param>
/// <param name="Type">float or double.</param>
/// <param name="Step">The whole step with plain gradient descent.</param>
/// <param name="Bound">What its matrix products would take at the FMA peak.</param>
/// <param name="Products">What its matrix products take, each by itself on operands that are in the caches where they fit.</param>
/// <param name="Loss">What the loss with its gradient takes.</param>
/// <param name="Rest">What remains of the step: gradients of biases and activations, updates, calls, and what the parts lose side by
/// side.</param>
/// <param name="Momentum">What momentum adds to the step.</param>
/// <param name="Adam">What Adam adds to the step.</param>
/// <param name="Parameters">The number of weights and biases.</param>
internal sealed record StepCost(
    string Network,
    int Batch,
    string Type,
    double Step,
    double Bound,
    double Products,
    double Loss,
    double Rest,
    double Momentum,
    double Adam,
    long Parameters);
