using DeepLearn.Data;
using DeepLearn.Kernels;
using DeepLearn.Models;
using DeepLearn.Reporting.Figures;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>A cut through what the two networks have learned, along x at y = 0, and the examples that lie near it.</summary>
internal static class WavesFigure
{
    private const int Places = 101;

    public static Figure Of(DenseDataset<double> training, Model<float> robust, Model<float> squared)
    {
        double[] x = [.. Enumerable.Range(0, Places).Select(i => ((2.0 * i) / (Places - 1)) - 1)];
        var truth = new Series("truth", x, [.. x.Select(place => VectorMath.Sin(3 * place))]) { Color = 2 };

        var batch = new Batch<double>(training.Count, training.Description);
        batch.FillRange(training, 0, training.Count, null);
        int[] near = [.. Enumerable.Range(0, training.Count).Where(i => Math.Abs(batch.FeatureView[i, 1]) < 0.04)];
        var examples = new Series(
            "examples near the cut", [.. near.Select(i => batch.FeatureView[i, 0])], [.. near.Select(i => batch.TargetView[i, 0])])
        {
            IsLine = false,
            HasMarkers = true,
        };
        return new(
            "waves",
            "A cut along x at y = 0. Left: the truth, and the examples near the cut, of which one in twenty is off by 10. Right: the "
                + "truth, and what a network has learned by log-cosh and by the squared error.",
            2,
            [
                new LinePanel("What is learned from", "x", "height", [examples, truth]),
                new LinePanel("What is learned", "x", "height",
                    [truth, new("LogCosh", x, Heights(robust, x)), new("MeanSquaredError", x, Heights(squared, x)) { Color = 1 }]),
            ]);
    }

    private static double[] Heights(Model<float> model, double[] x)
    {
        var points = new Matrix<float>(x.Length, 2);
        for (int i = 0; i < x.Length; i++)
            points[i, 0] = (float)x[i];
        Matrix<float> heights = model.Predict(points);
        return [.. Enumerable.Range(0, x.Length).Select(i => (double)heights[i, 0])];
    }
}
