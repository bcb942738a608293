using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>A row of a <see cref="ModelSummary"/>: one layer.</summary>
/// <param name="Name">Its path in the model, as in <c>residual2/dense1</c>, with which the names of its parameters begin.</param>
/// <param name="Layer">What it is, with its options and initializers in short.</param>
/// <param name="Output">The shape of one example after it.</param>
/// <param name="Parameters">The number of numbers that training changes.</param>
/// <param name="Multiplications">
/// The multiplications of weights with inputs for one example in inference, counted as the direct algorithm makes them; null for a layer of
/// one's own.
/// </param>
/// <param name="OutputInBytes">The bytes of its output for one example.</param>
public sealed record LayerSummary(string Name, string Layer, Shape Output, long Parameters, long? Multiplications, long OutputInBytes);
