using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Onnx.Export;
using DeepLearn.Onnx.Import;
using DeepLearn.Onnx.Messages;
using DeepLearn.Onnx.Wire;

namespace DeepLearn.Onnx;

/// <summary>
/// Models out to and in from ONNX, the format in which the field's libraries exchange networks (Open Neural Network Exchange, onnx.ai).
/// </summary>
/// <remarks>
/// What is written answers what a <c>Predictor</c> of the model answers: by the model's card it normalizes the features, and gives
/// probabilities, calibrated where the model is, or numbers in the units of the targets.
/// <see cref="OnnxExportOptions.NetworkAlone"/> writes the network without that. A file begins at the features: the categories of a table
/// and the preparation of images are the caller's. The number of examples is free. Nodes and weights have the names of the model's own
/// parameters.
/// </remarks>
/// <example><code>
/// model.SaveOnnx("digits.onnx");
/// OnnxImport&lt;float&gt; import = OnnxModel.Load&lt;float&gt;("digits.onnx");
/// Console.WriteLine(import.Model.OutputShape);    // prints [10]
/// </code></example>
public static class OnnxModel
{
    internal const string Producer = "DeepLearn.Onnx";

    /// <summary>
    /// Saves a model as an ONNX file, whole or not at all: a file that stood there before stays until the new one is complete.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> with <see cref="OnnxExportOptions.MayRound"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OnnxUnsupportedException">A layer is not of the library, and the options have no exporter for it.</exception>
    /// <exception cref="ArgumentException">
    /// The options contradict the model's card, as another normalization or a softmax of a regression does; or a number of a model of
    /// double is not one of 32 bits, and may not be rounded. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, or would have 2 GB or more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    /// <example><code>
    /// trainer.Run();
    /// model.SaveOnnx("digits.onnx");    // takes raw pixels, gives probabilities
    /// </code></example>
    public static void SaveOnnx<T>(this Model<T> model, string path, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        Save(Export(model, model.Card, options), path);
    }

    /// <summary>Saves a model as ONNX to a stream, from where it stands.</summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> with <see cref="OnnxExportOptions.MayRound"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OnnxUnsupportedException">A layer is not of the library, and the options have no exporter for it.</exception>
    /// <exception cref="ArgumentException">
    /// The options contradict the model's card, as another normalization or a softmax of a regression does; or a number of a model of
    /// double is not one of 32 bits, and may not be rounded. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, or would have 2 GB or more.</exception>
    public static void SaveOnnx<T>(this Model<T> model, Stream stream, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        Save(Export(model, model.Card, options), stream);
    }

    /// <summary>
    /// Saves the model of a predictor with the predictor's card, as of one that is calibrated: whole or not at all, as a model.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> with <see cref="OnnxExportOptions.MayRound"/>.</typeparam>
    /// <param name="predictor">The predictor.</param>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OnnxUnsupportedException">A layer is not of the library, and the options have no exporter for it.</exception>
    /// <exception cref="ArgumentException">
    /// The options contradict the predictor's card, as another normalization or a softmax of a regression does; or a number of a model of
    /// double is not one of 32 bits, and may not be rounded. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, or would have 2 GB or more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    /// <example><code>
    /// trainer.Run();
    /// Dataset validation = test.Take(50);    // neither trained on nor tested with
    /// new Predictor&lt;float&gt;(model).Calibrated(validation).SaveOnnx("digits.onnx");
    /// </code></example>
    public static void SaveOnnx<T>(this Predictor<T> predictor, string path, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(predictor);
        Save(Export(predictor.Model, predictor.Card, options), path);
    }

    /// <summary>Saves the model of a predictor with the predictor's card to a stream, from where it stands.</summary>
    /// <typeparam name="T"><see cref="float"/>, or <see cref="double"/> with <see cref="OnnxExportOptions.MayRound"/>.</typeparam>
    /// <param name="predictor">The predictor.</param>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="OnnxUnsupportedException">A layer is not of the library, and the options have no exporter for it.</exception>
    /// <exception cref="ArgumentException">
    /// The options contradict the predictor's card, as another normalization or a softmax of a regression does; or a number of a model of
    /// double is not one of 32 bits, and may not be rounded. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">It cannot be written, or would have 2 GB or more.</exception>
    public static void SaveOnnx<T>(this Predictor<T> predictor, Stream stream, OnnxExportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(predictor);
        Save(Export(predictor.Model, predictor.Card, options), stream);
    }

    /// <summary>
    /// Reads an ONNX file: the network and its weights, as far as the library has the layers. Planar images become images with the channels
    /// last, and the weights are rearranged with them, so that the scores are the same.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file. Weights that it keeps in other files are read from its folder, and from no other place.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The model, and what the file says besides.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or no ONNX file; the message says where.</exception>
    /// <exception cref="OnnxUnsupportedException">
    /// The file uses what has no counterpart in the library: an operator, an option, a shape, a type; the message names it and its node.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <example><code>
    /// model.SaveOnnx("digits.onnx");
    /// OnnxImport&lt;float&gt; import = OnnxModel.Load&lt;float&gt;("digits.onnx");
    /// Matrix&lt;float&gt; scores = import.Model.Predict(new Matrix&lt;float&gt;(5, import.Model.InputShape.Count));
    /// </code></example>
    public static OnnxImport<T> Load<T>(string path, OnnxImportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = WholeFile.OpenRead(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return ModelImport.Read<T>(file, path, folder, options ?? new());
    }

    /// <summary>Reads ONNX from where a stream stands to its end, as from a file.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The model, and what the file says besides.</returns>
    /// <exception cref="InvalidDataException">It is damaged, cut short or no ONNX file; the message says where.</exception>
    /// <exception cref="OnnxUnsupportedException">
    /// It uses what has no counterpart in the library, or weights that are in other files; the message names it.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OnnxImport<T> Load<T>(Stream stream, OnnxImportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelImport.Read<T>(stream, "The stream", null, options ?? new());
    }

    private static void Save(ModelMessage message, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, stream => WireWriter.Write(message, stream));
    }

    private static void Save(ModelMessage message, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        WireWriter.Write(message, stream);
    }

    private static ModelMessage Export<T>(Model<T> model, ModelCard card, OnnxExportOptions? options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new();
        var steps = PredictionSteps.Of(card, model.InputShape, model.OutputShape, options);
        var message = new ModelMessage
        {
            FormatVersion = FormatVersionOf(options.OperatorSet),
            ProducerName = Producer,
            ProducerVersion = typeof(OnnxModel).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
            Description = options.Description,
            Graph = NetworkExport.Of(model, steps, options),
        };
        message.OperatorSets.Add(new() { Version = options.OperatorSet });
        foreach ((string key, string text) in options.Texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            message.Texts.Add(new() { Key = key, Value = text });
        OwnTexts.Add(message.Texts, card, model.Network, model.InputShape, steps, options);
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
