using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// Whether the numbers of a sample keep away from the kinks of the layers within it. The layers that have kinks are watched as they run:
/// each is put into another that looks at its input first and changes nothing.
/// </summary>
/// <remarks>
/// How far is far enough depends on how fast a number moves: behind a saturated function all numbers are small and none moves. So all
/// parameters and examples are moved a little, several times and in random directions, and a distance from a kink counts as clear where it
/// is several times as long as the longest way that it went. One that stays exactly 0, as behind a dropout, is clear too.
/// </remarks>
internal static class Kinks
{
    /// <summary>How far the parameters and examples are moved: as far as a step of a check with room for its rounding.</summary>
    private const double Way = 1e-5;

    private const int Ways = 4;

    private const double Room = 4;

    /// <summary>Whether a pass in training stays clear of all kinks.</summary>
    /// <param name="sample">The layer and its numbers.</param>
    /// <param name="outputs">What the pass puts out.</param>
    public static bool AreClear(LayerSample sample, out Matrix<double> outputs)
    {
        var trace = new Trace();
        Model<double> model = (sample with { Layer = Watch(sample.Layer, trace) }).Build<double>();
        ModelWorkspace<double> workspace = model.CreateWorkspace(sample.Batch, RunMode.Training);
        outputs = Matrix<double>.CopyOf(Run(sample.Examples<double>()));
        double[] distances = [.. trace.Distances];
        var longest = new double[distances.Length];
        for (int way = 0; way < Ways && distances.Length > 0; way++)
        {
            RandomStream random = RandomKey.FromSeed((ulong)sample.Seed).Derive("way").Derive(way).Open();
            Matrix<double>[] values = [.. model.Parameters.Select(parameter => parameter.Value)];
            Matrix<double>[] before = [.. values.Select(value => Matrix<double>.CopyOf(value.View))];
            Matrix<double> examples = sample.Examples<double>();
            foreach (Matrix<double> value in values.Append(examples))
            {
                foreach (ref double number in value.AsSpan())
                    number += Way * (random.NextIndex(2) == 0 ? -1 : 1);
            }
            trace.BeginAgain();
            Run(examples);
            for (int i = 0; i < values.Length; i++)
                before[i].AsSpan().CopyTo(values[i].AsSpan());
            for (int i = 0; i < longest.Length; i++)
                longest[i] = Math.Max(longest[i], Math.Abs(trace.Distances[i] - distances[i]));
        }
        return distances.Zip(longest).All(pair => Math.Abs(pair.First) > Room * pair.Second || (pair.First == 0 && pair.Second == 0));

        ReadOnlyMatrixView<double> Run(Matrix<double> examples)
        {
            workspace.SetNoise(sample.Noise);
            return workspace.Forward(examples);
        }
    }

    private static Layer Watch(Layer layer, Trace trace) => layer switch
    {
        Sequential sequence => new Sequential([.. sequence.Layers.Select(part => Watch(part, trace))]),
        Residual residual => new Residual(
            Watch(residual.Branch, trace), residual.Projection is null ? null : Watch(residual.Projection, trace)),
        TestTimeAugmentation augmentation => new TestTimeAugmentation(Watch(augmentation.Network, trace), [.. augmentation.Views]),
        Ensemble ensemble => new Ensemble(ensemble.Combination, [.. ensemble.Members.Select(part => Watch(part, trace))]),
        Relu or LeakyRelu or Elu or MaxPool => new Watched(layer, trace),
        _ => layer,
    };

    private static void Measure(Layer layer, Shape shape, ReadOnlyMatrixView<double> input, Trace trace)
    {
        for (int row = 0; row < input.Rows; row++)
        {
            if (layer is MaxPool pool)
                MeasureWindows(pool, shape, input.Row(row), trace);
            else
                trace.Distances.AddRange(input.Row(row));
        }
    }

    private static void MeasureWindows(MaxPool pool, Shape shape, ReadOnlySpan<double> image, Trace trace)
    {
        (WindowAxis down, WindowAxis across) = pool.Padding.Axes(shape, pool.Window, pool.Stride, 1)!.Value;
        var window = new List<double>();
        for (int place = 0; place < down.Output * across.Output * shape[2]; place++)
        {
            int channel = place % shape[2];
            int top = (place / shape[2] / across.Output * pool.Stride.Height) - down.Before;
            int left = (place / shape[2] % across.Output * pool.Stride.Width) - across.Before;
            window.Clear();
            for (int y = Math.Max(top, 0); y < Math.Min(top + pool.Window.Height, shape[0]); y++)
            {
                for (int x = Math.Max(left, 0); x < Math.Min(left + pool.Window.Width, shape[1]); x++)
                    window.Add(image[(((y * shape[1]) + x) * shape[2]) + channel]);
            }
            trace.AddWindow(window);
        }
    }

    /// <summary>The distances of a pass from all kinks, in the order of the pass, with their signs.</summary>
    private sealed class Trace
    {
        private readonly List<int> _winners = [];
        private int _windows;

        public List<double> Distances { get; } = [];

        public void BeginAgain()
        {
            Distances.Clear();
            _windows = 0;
        }

        /// <summary>Takes how far the others are from the largest of the first pass.</summary>
        public void AddWindow(List<double> window)
        {
            if (_windows == _winners.Count)
                _winners.Add(window.IndexOf(window.Max()));
            int winner = _winners[_windows++];
            for (int i = 0; i < window.Count; i++)
            {
                if (i != winner)
                    Distances.Add(window[winner] - window[i]);
            }
        }
    }

    private sealed record Watched(Layer Inner, Trace Trace) : Layer
    {
        public override string Kind => Inner.Kind;

        public override Shape OutputShape(Shape input) => Inner.OutputShape(input);

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => (LayerRuntime<T>)(object)new Runtime(
            Inner.CreateRuntime<double>(build), input => Measure(Inner, build.Input, input, Trace));
    }

    private delegate void Look(ReadOnlyMatrixView<double> input);

    private sealed class Runtime(LayerRuntime<double> inner, Look look) : LayerRuntime<double>(inner.InputShape, inner.OutputShape)
    {
        public override LayerWorkspace<double> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
            inner.CreateWorkspace(capacity, mode, workers);

        public override void Forward(LayerInput<double> input, MatrixView<double> output, LayerWorkspace<double> workspace)
        {
            look(input.Numbers);
            inner.Forward(input, output, workspace);
        }

        public override void Backward(
            LayerInput<double> input,
            ReadOnlyMatrixView<double> output,
            MatrixView<double> outputGradient,
            MatrixView<double> inputGradient,
            GradientTargets<double> gradients,
            LayerWorkspace<double> workspace) => throw new NotSupportedException("Whoever looks for kinks goes no way back.");
    }
}
