using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="TestTimeAugmentation"/>: in inference it runs the network once for each view; in training it hands everything
/// on.
/// </summary>
internal sealed class TestTimeAugmentationRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LayerRuntime<T> _network;
    private readonly T[] _shares;

    // For each view and each pixel of it, where in the example the pixel stands.
    private readonly int[][] _pixels;
    private readonly int _channels;

    public TestTimeAugmentationRuntime(TestTimeAugmentation layer, LayerRuntime<T> network)
        : base(network.InputShape, network.OutputShape)
    {
        _network = network;
        _channels = InputShape[2];
        double sum = layer.Views.Sum(view => view.Weight);
        _shares = [.. layer.Views.Select(view => T.CreateChecked(view.Weight / sum))];
        _pixels = [.. layer.Views.Select(view => PixelsOf(view, InputShape[0], InputShape[1], _channels))];
        Traits = new()
        {
            BackwardNeeds = network.Traits.BackwardNeeds,
            KeepsOutputGradient = network.Traits.KeepsOutputGradient,
        };
    }

    public override IReadOnlyList<Parameter<T>> Parameters => _network.Parameters;

    public override IReadOnlyList<StateBuffer<T>> Buffers => _network.Buffers;

    public override LayerTraits Traits { get; }

    public override ExecutionPlan? PlanFor(RunMode mode) => _network.PlanFor(mode);

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new Workspace(this, capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (Workspace)workspace;
        if (space.Mode == RunMode.Training)
        {
            _network.Forward(input, output, space.Network);
            return;
        }
        ReadOnlyMatrixView<T> images = input.Numbers;
        MatrixView<T> seen = space.Images.SliceRows(0, images.Rows), scores = space.Scores.SliceRows(0, images.Rows);
        for (int view = 0; view < _pixels.Length; view++)
        {
            for (int row = 0; row < images.Rows; row++)
                Look(_pixels[view], images.Row(row), seen.Row(row));
            _network.Forward(seen, scores, space.Network);
            for (int row = 0; row < images.Rows; row++)
            {
                if (view == 0)
                    Arithmetic.Scale(scores.Row(row), _shares[view], output.Row(row));
                else
                    Arithmetic.AddScaled(scores.Row(row), _shares[view], output.Row(row));
            }
        }
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace) =>
        _network.Backward(input, output, outputGradient, inputGradient, gradients, ((Workspace)workspace).Network);

    private static int[] PixelsOf(ImageView view, int height, int width, int channels)
    {
        var pixels = new int[height * width];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int fromY = Reflect(y - view.Down, height);
                int fromX = Reflect((view.Mirrored ? width - 1 - x : x) - view.Right, width);
                pixels[(y * width) + x] = ((fromY * width) + fromX) * channels;
            }
        }
        return pixels;
    }

    private static int Reflect(int index, int count) => index < 0 ? -index : index < count ? index : (2 * (count - 1)) - index;

    private void Look(ReadOnlySpan<int> pixels, ReadOnlySpan<T> image, Span<T> seen)
    {
        for (int pixel = 0; pixel < pixels.Length; pixel++)
        {
            int from = pixels[pixel], to = pixel * _channels;
            for (int channel = 0; channel < _channels; channel++)
                seen[to + channel] = image[from + channel];
        }
    }

    private sealed class Workspace : LayerWorkspace<T>
    {
        public Workspace(TestTimeAugmentationRuntime<T> owner, int capacity, RunMode mode, WorkerPool workers)
            : base(capacity, mode, workers)
        {
            Network = owner._network.CreateWorkspace(capacity, mode, workers);

            // In training too, which promises to take no less than inference; what is trained is most often the network by itself.
            Images = new(capacity, owner.InputShape.Count);
            Scores = new(capacity, owner.OutputShape.Count);
        }

        public LayerWorkspace<T> Network { get; }

        public Matrix<T> Images { get; }

        public Matrix<T> Scores { get; }

        public override unsafe long MemoryInBytes => (sizeof(T) * ((long)Images.Count + Scores.Count)) + Network.MemoryInBytes;

        public override void SetNoise(RandomKey noise)
        {
            base.SetNoise(noise);
            Network.SetNoise(noise);
        }
    }
}
