using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The working memory of a <see cref="Sequential"/>. In training there is a buffer for each activation between two layers that is not
/// written in place; in inference two take turns. The gradients of activations always take turns in two. There is nothing for layers at the
/// front that are left out, but each of the others keeps the random numbers of its place.
/// </summary>
internal sealed class SequentialWorkspace<T> : LayerWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int CallersOutput = -1;

    private readonly int _leftOut;
    private readonly bool[] _inPlace;
    private readonly int[] _widths;
    private readonly Matrix<T>[] _activations;
    private readonly int[] _activationOf;
    private readonly Matrix<T>[] _gradients;
    private readonly int[] _gradientOf;

    public SequentialWorkspace(LayerRuntime<T>[] layers, int leftOut, bool[] inPlace, int capacity, RunMode mode, WorkerPool workers)
        : base(capacity, mode, workers)
    {
        _leftOut = leftOut;
        _inPlace = inPlace;
        Layers = [.. layers.Select(layer => layer.CreateWorkspace(capacity, mode, workers))];
        _widths = [.. layers.Select(layer => layer.OutputShape.Count)];
        int last = layers.Length - 1;

        // From the end: a layer that the next one overwrites shares the next one's buffer; the last writes the caller's output.
        _activationOf = new int[layers.Length];
        var activationWidths = new List<int>();
        for (int i = last; i >= 0; i--)
        {
            if (i == last)
            {
                _activationOf[i] = CallersOutput;
            }
            else if (inPlace[i + 1])
            {
                _activationOf[i] = _activationOf[i + 1];
            }
            else if (mode == RunMode.Inference && activationWidths.Count == 2)
            {
                int reused = 1 - Math.Max(0, _activationOf[i + 1]);
                activationWidths[reused] = Math.Max(activationWidths[reused], _widths[i]);
                _activationOf[i] = reused;
            }
            else
            {
                _activationOf[i] = activationWidths.Count;
                activationWidths.Add(_widths[i]);
            }
        }
        _activations = [.. activationWidths.Select(width => new Matrix<T>(capacity, width))];

        _gradientOf = new int[layers.Length];
        int turn = 0;
        int[] gradientWidths = [0, 0];
        for (int i = last; i > 0 && mode == RunMode.Training; i--)
        {
            if (inPlace[i])
                continue;
            _gradientOf[i] = turn;
            gradientWidths[turn] = Math.Max(gradientWidths[turn], _widths[i - 1]);
            turn ^= 1;
        }
        _gradients = [.. gradientWidths.Select(width => new Matrix<T>(capacity, width))];
    }

    public LayerWorkspace<T>[] Layers { get; }

    public override unsafe long MemoryInBytes =>
        (sizeof(T) * _activations.Concat(_gradients).Sum(matrix => (long)matrix.Count)) + Layers.Sum(layer => layer.MemoryInBytes);

    public bool IsInPlace(int layer) => _inPlace[layer];

    /// <summary>Where the output of a layer stands: in a buffer, or in the output of the whole.</summary>
    public MatrixView<T> Activation(int layer, int batch, MatrixView<T> output) =>
        _activationOf[layer] == CallersOutput ? output : Window(_activations[_activationOf[layer]], batch, _widths[layer]);

    /// <summary>As the other, for the backward pass, which only reads the output of the whole.</summary>
    public ReadOnlyMatrixView<T> Activation(int layer, int batch, ReadOnlyMatrixView<T> output) =>
        _activationOf[layer] == CallersOutput ? output : Window(_activations[_activationOf[layer]], batch, _widths[layer]);

    /// <summary>Where the gradient of a layer's input goes.</summary>
    public MatrixView<T> Gradient(int layer, int batch) => Window(_gradients[_gradientOf[layer]], batch, _widths[layer - 1]);

    public override void SetNoise(RandomKey noise)
    {
        base.SetNoise(noise);
        for (int i = 0; i < Layers.Length; i++)
            Layers[i].SetNoise(noise.Derive(_leftOut + i));
    }

    /// <summary>A buffer may be wider than what stands in it now; the rows are dense all the same.</summary>
    private static MatrixView<T> Window(Matrix<T> buffer, int batch, int width) => new(buffer.AsSpan(), batch, width);
}
