using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>A row of a <see cref="ModelSummary"/>: one layer.</summary>
/// <param name="Name">Its path in the model, as in <c>residual2/dense1</c>: the names of its parameters begin with it.</param>
/// <param name="Layer">The layer, with its options and initializers in short form.</param>
/// <param name="Output">The shape of one example after it.</param>
/// <param name="Parameters">The number of trainable numbers.</param>
/// <param name="Multiplications">
/// The multiplications of weights with inputs for one example in inference, counted for the direct algorithm; null for a layer of your own.
/// </param>
/// <param name="OutputInBytes">The bytes of its output for one example.</param>
public sealed record LayerSummary(string Name, string Layer, Shape Output, long Parameters, long? Multiplications, long OutputInBytes);
