using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <summary>A layer of the network, with the numbers of its parameters and buffers in their order.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Parameters">The numbers of its parameters, those of layers within it too.</param>
/// <param name="Buffers">The numbers of its buffers.</param>
/// <param name="IsGlobal">Whether it is an average over a whole image.</param>
internal sealed record Piece(Layer Layer, IReadOnlyList<double[]> Parameters, IReadOnlyList<double[]> Buffers, bool IsGlobal = false);
