using System.Text.Json;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Onnx.Export;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx;

/// <summary>What a file of ours keeps as texts besides the graph: the specification, the card, and how the one became the other.</summary>
internal static class OwnTexts
{
    public const string Prefix = "deeplearn.";

    public const string Specification = Prefix + "specification";

    public const string Card = Prefix + "card";

    private const string Input = Prefix + "input";
    private const string Order = Prefix + "order";
    private const string Ending = Prefix + "ending";
    private const string Steps = Prefix + "steps";

    private static readonly ValueList<(string Name, PixelOrder Value)> Orders =
        [("channelsLast", PixelOrder.ChannelsLast), ("planar", PixelOrder.Planar)];

    private static readonly ValueList<(string Name, OnnxEnding Value)> Endings =
    [
        ("none", OnnxEnding.None), ("softmax", OnnxEnding.Softmax), ("logSoftmax", OnnxEnding.LogSoftmax), ("sigmoid", OnnxEnding.Sigmoid),
    ];

    private static readonly ValueList<string> StepsOfFile = [StepNames.Columns, StepNames.Inputs, StepNames.Temperature, StepNames.Targets];

    /// <summary>Adds the texts of a model.</summary>
    public static void Add(
        List<EntryMessage> texts, ModelCard card, Layer network, Shape input, PredictionSteps steps, OnnxExportOptions options)
    {
        if (!options.KeepsSpecification)
            return;
        Add(Card, card.ToJson());
        Add(Ending, Endings.First(named => named.Value == steps.Ending).Name);
        bool[] areThere = [steps.Columns is not null, steps.Inputs is not null, steps.Temperature is not null, steps.Targets is not null];
        Add(Steps, string.Join(' ', StepsOfFile.Where((_, i) => areThere[i])));
        string json;
        try
        {
            json = network.ToJson(options.Formats);
        }
        catch (ArgumentException)
        {
            // A layer without a written form: its graph is all that there is.
            return;
        }
        Add(Specification, json);
        Add(Input, input.ToString());
        Add(Order, Orders.First(named => named.Value == options.Order).Name);

        void Add(string key, string text) => texts.Add(new() { Key = key, Value = text });
    }

    /// <summary>The shape of an example and the order of images that the texts tell beside the specification.</summary>
    /// <exception cref="InvalidDataException">One is missing, or not of its form.</exception>
    public static (Shape Input, PixelOrder Order) Read(IReadOnlyDictionary<string, string> texts) =>
        (ShapeOf(Text(texts, Input, Specification)), Choice(texts, Order, Orders, Specification));

    /// <summary>What the texts tell about the steps around the network: the ending, and the names of the others.</summary>
    /// <exception cref="InvalidDataException">One is missing, or not of its form.</exception>
    public static (OnnxEnding Ending, HashSet<string> Steps) ReadSteps(IReadOnlyDictionary<string, string> texts)
    {
        HashSet<string> steps = [.. Text(texts, Steps, Card).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return steps.FirstOrDefault(step => !StepsOfFile.Contains(step)) is { } unknown
            ? throw new InvalidDataException($"{Steps}: expected some of {string.Join(", ", StepsOfFile)}; found {unknown}.")
            : (Choice(texts, Ending, Endings, Card), steps);
    }

    private static string Text(IReadOnlyDictionary<string, string> texts, string key, string beside) =>
        texts.TryGetValue(key, out string? text)
            ? text
            : throw new InvalidDataException($"Expected the text {key} beside {beside}; found none.");

    private static TChoice Choice<TChoice>(
        IReadOnlyDictionary<string, string> texts, string key, ValueList<(string Name, TChoice Value)> choices, string beside)
    {
        string found = Text(texts, key, beside);
        int place = choices.ToList().FindIndex(choice => choice.Name == found);
        return place >= 0 ? choices[place].Value : throw new InvalidDataException(
            $"{key}: expected one of {string.Join(", ", choices.Select(choice => choice.Name))}; found {found}.");
    }

    private static Shape ShapeOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new([.. document.RootElement.EnumerateArray().Select(extent => extent.GetInt32())]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            string found = json.Length > 60 ? $"{json[..60]} ..." : json;
            throw new InvalidDataException($"{Input}: expected a shape, as in [32, 32, 3]; found {found}.", exception);
        }
    }
}
