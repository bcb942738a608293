using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// How near the numbers of a sample come to a kink of a layer within it. The layers that have kinks are watched as they run: each is put
/// into another that looks at its input first and changes nothing.
/// </summary>
internal static class Kinks
{
    /// <summary>The distance from every kink that the differences of a check want: more than their steps move anything.</summary>
    public const double Clear = 1e-4;

    /// <summary>The distance of the nearest kink of a pass in training; infinite where there is none.</summary>
    /// <remarks>
    /// A number that is exactly 0, and numbers of a window that are exactly equal, are no accident and do not count: they come from a
    /// rectifier or a dropout before, or are one bias, and stay as they are, or together, whatever is varied.
    /// </remarks>
    public static double Clearance(LayerSample sample, out Matrix<double> outputs)
    {
        var nearest = new Nearest();
        Model<double> model = (sample with { Layer = Watch(sample.Layer, nearest) }).Build<double>();
        ModelWorkspace<double> workspace = model.CreateWorkspace(sample.Batch, RunMode.Training);
        workspace.SetNoise(sample.Noise);
        outputs = Matrix<double>.CopyOf(workspace.Forward(sample.Examples<double>()));
        return nearest.Distance;
    }

    private static Layer Watch(Layer layer, Nearest nearest) => layer switch
    {
        Sequential sequence => new Sequential([.. sequence.Layers.Select(part => Watch(part, nearest))]),
        Residual residual => new Residual(
            Watch(residual.Branch, nearest), residual.Projection is null ? null : Watch(residual.Projection, nearest)),
        Ensemble ensemble => new Ensemble(ensemble.Combination, [.. ensemble.Members.Select(part => Watch(part, nearest))]),
        Relu or LeakyRelu or Elu or MaxPool => new Watched(layer, nearest),
        _ => layer,
    };

    private static void Measure(Layer layer, Shape shape, ReadOnlyMatrixView<double> input, Nearest nearest)
    {
        for (int row = 0; row < input.Rows; row++)
        {
            if (layer is MaxPool pool)
            {
                MeasureWindows(pool, shape, input.Row(row), nearest);
                continue;
            }
            foreach (double x in input.Row(row))
                nearest.Take(Math.Abs(x));
        }
    }

    private static void MeasureWindows(MaxPool pool, Shape shape, ReadOnlySpan<double> image, Nearest nearest)
    {
        (ConvolutionAxis down, ConvolutionAxis across) = pool.Padding.Axes(shape, pool.Window, pool.Stride, 1)!.Value;
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
            double largest = window.Max();
            foreach (double other in window)
                nearest.Take(largest - other);
        }
    }

    private sealed class Nearest
    {
        public double Distance { get; private set; } = double.PositiveInfinity;

        public void Take(double distance) => Distance = distance == 0 ? Distance : Math.Min(Distance, distance);
    }

    private sealed record Watched(Layer Inner, Nearest Nearest) : Layer
    {
        public override string Kind => Inner.Kind;

        public override Shape OutputShape(Shape input) => Inner.OutputShape(input);

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => (LayerRuntime<T>)(object)new Runtime(
            Inner.CreateRuntime<double>(build), input => Measure(Inner, build.Input, input, Nearest));
    }

    private delegate void Look(ReadOnlyMatrixView<double> input);

    private sealed class Runtime(LayerRuntime<double> inner, Look look) : LayerRuntime<double>(inner.InputShape, inner.OutputShape)
    {
        public override LayerWorkspace<double> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
            inner.CreateWorkspace(capacity, mode, workers);

        public override void Forward(ReadOnlyMatrixView<double> input, MatrixView<double> output, LayerWorkspace<double> workspace)
        {
            look(input);
            inner.Forward(input, output, workspace);
        }

        public override void Backward(
            ReadOnlyMatrixView<double> input,
            ReadOnlyMatrixView<double> output,
            MatrixView<double> outputGradient,
            MatrixView<double> inputGradient,
            LayerWorkspace<double> workspace) => throw new NotSupportedException("Whoever looks for kinks goes no way back.");
    }
}
