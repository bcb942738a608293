using System.Globalization;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>A summary of a model, layer by layer: a value whose text is a table.</summary>
/// <param name="Input">The shape of one example.</param>
/// <param name="Layers">The layers in order, those within others too.</param>
/// <param name="WeightsInBytes">The bytes of parameters and buffers.</param>
/// <param name="InferenceInBytes">The bytes of a workspace that predicts one example.</param>
/// <param name="TrainingInBytes">The bytes of a workspace that trains one example, without gradients and optimizer.</param>
public sealed record ModelSummary(
    Shape Input, ValueList<LayerSummary> Layers, long WeightsInBytes, long InferenceInBytes, long TrainingInBytes)
{
    private static readonly string[] Head = ["layer", "what it is", "output", "parameters", "multiplications", "output bytes"];

    /// <summary>The number of trainable numbers.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>The multiplications of weights with inputs for one example; null where a layer of your own does not say.</summary>
    public long? Multiplications =>
        Layers.Any(layer => layer.Multiplications is null) ? null : Layers.Sum(layer => layer.Multiplications);

    /// <summary>A table with a line for each layer, and the totals below.</summary>
    public override string ToString()
    {
        string[][] rows =
        [
            Head,
            ["input", "", Input.ToString(), "", "", ""],
            .. Layers.Select(layer => new[]
            {
                layer.Name, layer.Layer, layer.Output.ToString(), Number(layer.Parameters), Number(layer.Multiplications),
                Number(layer.OutputInBytes),
            }),
            ["total", "", Layers.Count > 0 ? Layers[^1].Output.ToString() : "", Number(Parameters), Number(Multiplications), ""],
        ];
        int[] widths = [.. Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length))];
        string rule = string.Join("  ", widths.Select(width => new string('-', width)));
        var text = new StringBuilder();
        for (int i = 0; i < rows.Length; i++)
        {
            if (i == 1 || i == rows.Length - 1)
                text.Append(rule).Append('\n');
            var cells = rows[i].Select((cell, column) => column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
        text.Append(CultureInfo.InvariantCulture, $"weights {Number(WeightsInBytes)} bytes; working memory for one example ");
        text.Append(CultureInfo.InvariantCulture, $"{Number(InferenceInBytes)} bytes to predict, {Number(TrainingInBytes)} to train\n");
        return text.ToString();
    }

    private static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? "?";
}
