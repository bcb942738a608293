using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The working memory of a <see cref="Sequential"/>: the buffers that its <see cref="ExecutionPlan"/> names. There is nothing for layers at
/// the front that are passed through, but each of the others keeps the random numbers of its place.
/// </summary>
internal sealed class SequentialWorkspace<T> : LayerWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _first;
    private readonly bool[] _inPlace;
    private readonly int[] _widths;
    private readonly Matrix<T>[] _activations;
    private readonly int[] _activationOf;
    private readonly Matrix<T>[] _gradients;
    private readonly int[] _gradientOf;

    public SequentialWorkspace(LayerRuntime<T>[] layers, ExecutionPlan plan, int capacity, RunMode mode, WorkerPool workers)
        : base(capacity, mode, workers)
    {
        _first = plan.First;
        PlannedLayer[] planned = [.. plan.Layers.Skip(_first)];
        Layers = [.. layers.Select(layer => layer.CreateWorkspace(capacity, mode, workers))];
        _widths = [.. layers.Select(layer => layer.OutputShape.Count)];
        _inPlace = [.. planned.Select(layer => layer.WritesInPlace)];
        _activationOf = [.. planned.Select(layer => layer.OutputBuffer)];
        _gradientOf = [.. planned.Select(layer => layer.InputGradientBuffer)];
        _activations = [.. plan.ActivationBuffers.Select(width => new Matrix<T>(capacity, width))];
        _gradients = [.. plan.GradientBuffers.Select(width => new Matrix<T>(capacity, width))];
    }

    public LayerWorkspace<T>[] Layers { get; }

    public override unsafe long MemoryInBytes =>
        (sizeof(T) * _activations.Concat(_gradients).Sum(matrix => (long)matrix.Count)) + Layers.Sum(layer => layer.MemoryInBytes);

    public bool IsInPlace(int layer) => _inPlace[layer];

    /// <summary>Where the output of a layer stands: in a buffer, or in the output of the whole.</summary>
    public MatrixView<T> Activation(int layer, int batch, MatrixView<T> output) =>
        _activationOf[layer] == PlannedLayer.CallersOutput ? output : Window(_activations[_activationOf[layer]], batch, _widths[layer]);

    /// <summary>As the other, for the backward pass, which only reads the output of the whole.</summary>
    public ReadOnlyMatrixView<T> Activation(int layer, int batch, ReadOnlyMatrixView<T> output) =>
        _activationOf[layer] == PlannedLayer.CallersOutput ? output : Window(_activations[_activationOf[layer]], batch, _widths[layer]);

    /// <summary>Where the gradient of a layer's input goes.</summary>
    public MatrixView<T> Gradient(int layer, int batch) => Window(_gradients[_gradientOf[layer]], batch, _widths[layer - 1]);

    public override void SetNoise(RandomKey noise)
    {
        base.SetNoise(noise);
        for (int i = 0; i < Layers.Length; i++)
            Layers[i].SetNoise(noise.Derive(_first + i));
    }

    /// <summary>A buffer may be wider than what stands in it now; the rows are dense all the same.</summary>
    private static MatrixView<T> Window(Matrix<T> buffer, int batch, int width) => new(buffer.AsSpan(), batch, width);
}
