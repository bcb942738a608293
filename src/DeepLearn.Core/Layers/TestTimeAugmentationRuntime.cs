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
    private readonly ImageView[] _views;

    public TestTimeAugmentationRuntime(TestTimeAugmentation layer, LayerRuntime<T> network)
        : base(network.InputShape, network.OutputShape)
    {
        _network = network;
        double sum = layer.Views.Sum(view => view.Weight);
        _shares = [.. layer.Views.Select(view => T.CreateChecked(view.Weight / sum))];
        _views = [.. layer.Views];
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
        for (int view = 0; view < _views.Length; view++)
        {
            for (int row = 0; row < images.Rows; row++)
                Look(_views[view], images.Row(row), seen.Row(row));
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

    private static int Reflect(int index, int count) => index < 0 ? -index : index < count ? index : (2 * (count - 1)) - index;

    // Where a pixel comes from is computed again each time: a table would grow with the image and the number of views.
    private void Look(ImageView view, ReadOnlySpan<T> image, Span<T> seen)
    {
        int height = InputShape[0], width = InputShape[1], channels = InputShape[2], wide = width * channels;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<T> from = image.Slice(Reflect(y - view.Down, height) * wide, wide);
            Span<T> to = seen.Slice(y * wide, wide);
            if (!view.Mirrored && view.Right == 0)
            {
                from.CopyTo(to);
                continue;
            }
            for (int x = 0; x < width; x++)
            {
                int fromX = Reflect((view.Mirrored ? width - 1 - x : x) - view.Right, width) * channels;
                for (int channel = 0; channel < channels; channel++)
                    to[(x * channels) + channel] = from[fromX + channel];
            }
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
