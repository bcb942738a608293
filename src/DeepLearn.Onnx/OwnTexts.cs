using System.Text.Json;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
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

    private static readonly ValueList<(string Name, PixelOrder Value)> Orders =
        [("channelsLast", PixelOrder.ChannelsLast), ("planar", PixelOrder.Planar)];

    private static readonly ValueList<(string Name, OnnxEnding Value)> Endings =
    [
        ("none", OnnxEnding.None), ("softmax", OnnxEnding.Softmax), ("logSoftmax", OnnxEnding.LogSoftmax), ("sigmoid", OnnxEnding.Sigmoid),
    ];

    /// <summary>Adds the texts of a model.</summary>
    public static void Add(List<EntryMessage> texts, Model<float> model, OnnxExportOptions options)
    {
        if (!options.KeepsSpecification)
            return;
        Add(Card, model.Card.ToJson());
        string json;
        try
        {
            json = model.Network.ToJson(options.Formats);
        }
        catch (ArgumentException)
        {
            // A layer without a written form: its graph is all that there is.
            return;
        }
        Add(Specification, json);
        Add(Input, model.InputShape.ToString());
        Add(Order, Orders.First(named => named.Value == options.Order).Name);
        Add(Ending, Endings.First(named => named.Value == options.Ending).Name);

        void Add(string key, string text) => texts.Add(new() { Key = key, Value = text });
    }

    /// <summary>The shape of an example, the order of images and the ending that the texts tell.</summary>
    /// <exception cref="InvalidDataException">One is missing, or not of its form.</exception>
    public static (Shape Input, PixelOrder Order, OnnxEnding Ending) Read(IReadOnlyDictionary<string, string> texts)
    {
        return (ShapeOf(Text(Input)), Choice(Order, Orders), Choice(Ending, Endings));

        string Text(string key) => texts.TryGetValue(key, out string? text)
            ? text
            : throw new InvalidDataException($"Expected the text {key} beside {Specification}; found none.");

        TChoice Choice<TChoice>(string key, ValueList<(string Name, TChoice Value)> choices)
        {
            string found = Text(key);
            int place = choices.ToList().FindIndex(choice => choice.Name == found);
            return place >= 0 ? choices[place].Value : throw new InvalidDataException(
                $"{key}: expected one of {string.Join(", ", choices.Select(choice => choice.Name))}; found {found}.");
        }
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
