using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Tensors;

namespace DeepLearn.Reporting;

/// <summary>Shows the images that a network classifies wrongly, those first of which it is most sure.</summary>
/// <example><code>
/// trainer.Run();
/// WrongExamples.Of(model, test).Save("wrong.png");
/// </code></example>
public static class WrongExamples
{
    private const int Columns = 5;
    private const int BatchSize = 256;

    /// <summary>Makes the figure.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The network: one score for each class, or one score for two classes.</param>
    /// <param name="dataset">Images with class labels.</param>
    /// <param name="normalization">The normalization that the network was trained with. Default null: that of the model's card.</param>
    /// <param name="count">How many images are shown at most, at least 1. Default 20.</param>
    /// <returns>A picture for each; a figure that says so where every image is classified right.</returns>
    /// <exception cref="ArgumentException">The examples are not images, have no class, or do not fit the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public static Figure Of<T>(Model<T> model, Dataset dataset, Normalization? normalization = null, int count = 20)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ImageLayout layout = ImageLayout.Of(dataset.Description);
        int outputs = model.OutputShape.Count;
        if (dataset.Classes == 0 || dataset.Classes > Math.Max(2, outputs))
        {
            throw new ArgumentException(
                $"A network of {outputs} outputs classifies examples of at most {Math.Max(2, outputs)} classes; the data set has "
                + $"{dataset.Classes}.", nameof(dataset));
        }
        Mistake[] mistakes =
            [.. Find(model, dataset, normalization).OrderByDescending(mistake => mistake.Confidence).ThenBy(mistake => mistake.Example)];
        if (mistakes.Length == 0)
            return new("wrong-examples", "Every image is classified right.", 1, [new LinePanel("No wrong example", "", "", [])]);
        string[] names = ClassNaming.Of(Math.Max(dataset.Classes, 2), dataset.Classes >= 2 ? dataset.Description.ClassNames : null);
        Panel[] panels = [.. mistakes.Take(count).Select(mistake => Picture(dataset, layout, mistake, NameOf))];

        // A network may have outputs for more classes than the data set.
        string NameOf(int label) => label < names.Length ? names[label] : Format.Text($"{label}");

        return new(
            "wrong-examples",
            $"{Format.Count(mistakes.Length)} of {Format.Count(dataset.Count)} images are classified wrongly; shown are those of which the "
            + "network is most sure, with what it says and what is right.",
            Columns,
            panels)
        {
            PanelWidth = 170,
            PanelHeight = 200,
        };
    }

    private static List<Mistake> Find<T>(Model<T> model, Dataset dataset, Normalization? normalization)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        FeatureTransform<T>? transform = (normalization ?? model.Card.Normalization)?.Build<T>();
        var batch = new Batch<T>(Math.Clamp(dataset.Count, 1, BatchSize), dataset.Description);
        var mistakes = new List<Mistake>();
        for (int first = 0; first < dataset.Count; first += batch.Capacity)
        {
            batch.FillRange(dataset, first, Math.Min(batch.Capacity, dataset.Count - first), transform);
            Matrix<T> scores = model.Predict(batch.InputFor(model.ReadsBytes));
            for (int i = 0; i < batch.Count; i++)
            {
                (int predicted, double confidence) = Decide<T>(scores.Row(i));
                if (predicted != batch.LabelView[i])
                    mistakes.Add(new(first + i, predicted, batch.LabelView[i], confidence));
            }
        }
        return mistakes;
    }

    // The largest score and its share of a softmax; of one score, its sigmoid.
    private static (int Predicted, double Confidence) Decide<T>(ReadOnlySpan<T> scores)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scores.Length == 1)
        {
            double score = double.CreateChecked(scores[0]);
            return (score > 0 ? 1 : 0, 1 / (1 + Math.Exp(-Math.Abs(score))));
        }
        int best = 0;
        for (int j = 1; j < scores.Length; j++)
            best = scores[j] > scores[best] ? j : best;
        double sum = 0;
        foreach (T score in scores)
            sum += Math.Exp(double.CreateChecked(score) - double.CreateChecked(scores[best]));
        return (best, 1 / sum);
    }

    private static ImagePanel Picture(Dataset dataset, ImageLayout layout, Mistake mistake, Func<int, string> nameOf)
    {
        var numbers = new Matrix<float>(1, layout.Count);
        int example = mistake.Example;
        dataset.Gather<float>(new ReadOnlySpan<int>(in example), numbers);
        ReadOnlySpan<float> image = numbers.AsSpan();
        // Bytes are shown as they are; other numbers from the least of the image, black, to the greatest, white.
        float low = dataset.HoldsBytes ? 0 : TensorPrimitives.Min(image), high = dataset.HoldsBytes ? 255 : TensorPrimitives.Max(image);
        var pixels = new byte[3 * layout.Height * layout.Width];
        for (int y = 0; y < layout.Height; y++)
        {
            for (int x = 0; x < layout.Width; x++)
            {
                for (int color = 0; color < 3; color++)
                {
                    int channel = layout.Channels >= 3 ? color : 0;
                    float number = image[(y * layout.RowStride) + (x * layout.ColumnStride) + (channel * layout.ChannelStride)];
                    float level = high > low ? 255 * (number - low) / (high - low) : 0;
                    pixels[(3 * ((y * layout.Width) + x)) + color] = (byte)Math.Clamp(level, 0, 255);
                }
            }
        }
        string title = $"{nameOf(mistake.Predicted)}, {Format.Text($"{100 * mistake.Confidence:f0} %")}\nis {nameOf(mistake.Actual)}";
        return new(title, layout.Height, layout.Width, pixels);
    }

    private readonly record struct Mistake(int Example, int Predicted, int Actual, double Confidence);
}
