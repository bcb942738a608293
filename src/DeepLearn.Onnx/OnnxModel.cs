using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Onnx.Export;
using DeepLearn.Onnx.Messages;
using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx;

/// <summary>
/// Models out to and in from ONNX, the format in which the field's libraries exchange networks (Open Neural Network Exchange, onnx.ai).
/// </summary>
/// <remarks>
/// What is written is the network as it predicts: dropout does nothing, batch normalization uses its moving averages. The number of
/// examples is free. Nodes and weights have the names of the model's own parameters.
/// </remarks>
public static class OnnxModel
{
    private const string Producer = "DeepLearn.Onnx";

    /// <summary>
    /// Saves a model as an ONNX file, whole or not at all: a file that stood there before stays until the new one is complete.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OnnxUnsupportedException">A layer is not of the library, and the options have no exporter for it.</exception>
    /// <exception cref="ArgumentException">The normalization has not one element for each of the model's inputs.</exception>
    /// <exception cref="IOException">It cannot be written, or would have 2 GB or more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    /// <example><code>
    /// model.SaveOnnx("digits.onnx", new() { Normalization = plan.Normalization, Ending = OnnxEnding.Softmax });
    /// </code></example>
    public static void SaveOnnx(this Model<float> model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelMessage message = Export(model, options ?? new());
        WholeFile.Write(path, stream => WireWriter.Write(message, stream));
    }

    /// <summary>Saves a model as ONNX to a stream, from where it stands.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OnnxUnsupportedException">A layer is not of the library, and the options have no exporter for it.</exception>
    /// <exception cref="ArgumentException">The normalization has not one element for each of the model's inputs.</exception>
    /// <exception cref="IOException">It cannot be written, or would have 2 GB or more.</exception>
    public static void SaveOnnx(this Model<float> model, Stream stream, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        WireWriter.Write(Export(model, options ?? new()), stream);
    }

    private static ModelMessage Export(Model<float> model, OnnxExportOptions options)
    {
        var message = new ModelMessage
        {
            FormatVersion = FormatVersionOf(options.OperatorSet),
            ProducerName = Producer,
            ProducerVersion = typeof(OnnxModel).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            Description = options.Description,
            Graph = NetworkExport.Of(model, options),
        };
        message.OperatorSets.Add(new() { Version = options.OperatorSet });
        foreach ((string key, string text) in options.Texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            message.Texts.Add(new() { Key = key, Value = text });
        return message;
    }

    /// <summary>The version of the file's form that came with a version of the operators.</summary>
    private static int FormatVersionOf(int operatorSet) => operatorSet switch
    {
        <= 18 => 8,
        <= 20 => 9,
        _ => 10,
    };
}
