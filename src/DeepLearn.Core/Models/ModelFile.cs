using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Models.Specifications;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>Saves a model in one file of the format safetensors, with all that prediction needs, and loads it.</summary>
/// <remarks>
/// Each parameter and each buffer is a tensor of its name, <c>[rows, columns]</c> as in <see cref="Matrix{T}"/>, of type F32 for float and
/// F64 for double: the weights of a dense layer are <c>[inputs, outputs]</c>, where PyTorch keeps <c>[outputs, inputs]</c>; biases are
/// <c>[1, outputs]</c>. Nothing is transposed on the way. The specification of the network and the <see cref="ModelCard"/> are texts in the
/// file. The README of this folder has the details.
/// </remarks>
/// <example><code>
/// model.Save("digits.safetensors");
/// ModelFileContent content = ModelFile.ReadContent("digits.safetensors");
/// Console.WriteLine(content.InputShape);    // prints [32, 32, 3]
/// </code></example>
public static class ModelFile
{
    /// <summary>
    /// Saves a model and its <see cref="Model{T}.Card"/> whole or not at all: an earlier file is kept until the new one is complete.
    /// <see cref="Model.Load{T}(string, ModelLoading?)"/> needs nothing else.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="formats">The kinds of layers that have a written form; null for the library's own.</param>
    /// <exception cref="ArgumentException">
    /// A layer or an initializer has no written form: the message says how to give one. Nothing has been written then.
    /// </exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Save<T>(this Model<T> model, string path, SpecificationFormats? formats = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(
            model, model?.Card, formats ?? SpecificationFormats.Library).Save(path);

    /// <summary>Saves a model and its card to a stream, at its position.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="formats">The kinds of layers that have a written form; null for the library's own.</param>
    /// <exception cref="ArgumentException">As for a path.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save<T>(this Model<T> model, Stream stream, SpecificationFormats? formats = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(
            model, model?.Card, formats ?? SpecificationFormats.Library).Write(stream);

    /// <summary>
    /// Saves the weights alone, whole or not at all: for a network that code builds again. No layer needs a written form.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void SaveWeights<T>(this Model<T> model, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(model, null, null).Save(path);

    /// <summary>Saves the weights alone to a stream, at its position.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="stream">The stream, which stays open.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void SaveWeights<T>(this Model<T> model, Stream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(model, null, null).Write(stream);

    /// <summary>Loads weights and card into an existing model with the file's specification. The whole file is checked first.</summary>
    /// <typeparam name="T">
    /// <see cref="float"/> or <see cref="double"/>; either takes F32, F16 and BF16 exactly, float takes F64 where
    /// <see cref="ModelLoading.MayRound"/> says so.
    /// </typeparam>
    /// <param name="model">The model, whose parameters and buffers are overwritten. While loading, memory holds them twice.</param>
    /// <param name="path">The file.</param>
    /// <param name="loading">How; null for the defaults.</param>
    /// <returns>What the file holds besides the weights.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or of another format. The model is as it was.</exception>
    /// <exception cref="ModelMismatchException">
    /// The file has another specification, of which the first difference is named; or tensors are missing, too many, or of other shapes or
    /// types. The model is as it was.
    /// </exception>
    /// <exception cref="IOException">It cannot be read. The model is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ModelFileContent Load<T>(this Model<T> model, string path, ModelLoading? loading = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return LoadInto(model, reader, loading ?? new());
    }

    /// <summary>Loads from a stream, from its position to its end.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model, whose parameters and buffers are overwritten.</param>
    /// <param name="stream">The stream, which stays open. One that cannot seek is read to its end into memory.</param>
    /// <param name="loading">How; null for the defaults.</param>
    /// <returns>What it holds besides the weights.</returns>
    /// <exception cref="InvalidDataException">It is damaged, cut short or of another format. The model is as it was.</exception>
    /// <exception cref="ModelMismatchException">As for a path. The model is as it was.</exception>
    /// <exception cref="IOException">It cannot be read. The model is as it was.</exception>
    public static ModelFileContent Load<T>(this Model<T> model, Stream stream, ModelLoading? loading = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using SafetensorsReader reader = SafetensorsReader.Open(stream);
        return LoadInto(model, reader, loading ?? new());
    }

    /// <summary>Reads what a model's file holds besides the weights, which are neither read nor checked.</summary>
    /// <param name="path">The file.</param>
    /// <param name="formats">The kinds of layers that have a written form; null for the library's own.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or of another format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ModelFileContent ReadContent(string path, SpecificationFormats? formats = null)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        ModelFileTexts.RefuseCheckpoint(reader);
        return ModelFileTexts.Read(reader, hasNormalization: true, formats ?? SpecificationFormats.Library);
    }

    /// <summary>Makes the model of a file that has a specification.</summary>
    internal static Model<T> Load<T>(SafetensorsReader reader, ModelLoading loading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelFileTexts.RefuseCheckpoint(reader);
        if (!ModelFileTexts.HaveSpecification(reader))
        {
            throw new InvalidDataException(
                $"{reader.Source} holds no specification of a network: it was saved with {nameof(SaveWeights)}, or by another program. "
                + "Build the network, and load the file into it: network.Build<float>(inputShape, seed: 0).Load(path).");
        }
        CheckBytes(reader, loading);
        ModelFileContent content = ModelFileTexts.Read(reader, hasNormalization: true, loading.Formats);
        Shape input = content.InputShape ?? throw new InvalidDataException(
            $"{reader.Source}: expected the shape of an example; found none.");
        Layer network = content.Network!;
        try
        {
            // Nothing is reserved that the file could not fill.
            long needed = ParameterCounting.CountOf(network, input), found = reader.Tensors.Sum(tensor => tensor.Count);
            if (needed > found)
            {
                throw new ModelMismatchException(
                    $"{reader.Source}: its network has at least {needed} parameters; found tensors of {found} elements.");
            }

            // Weights are about to be read: they begin as zeros, not as random numbers.
            Layer bare = ModelFileTexts.ReadNetwork(reader, loading.Formats.IgnoringInitializers);
            Model<T> model = new(network, bare.Build<T>(input, 0).Runtime);
            LoadChecked(model, reader, loading, content);
            return model;
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(
                $"{reader.Source} holds a network that cannot be built on {input}: {exception.Message}", exception);
        }
    }

    /// <summary>Saves a model with a card other than its own.</summary>
    internal static void Save<T>(Model<T> model, ModelCard card, string path, SpecificationFormats? formats)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(model, card, formats ?? SpecificationFormats.Library).Save(path);

    private static SafetensorsWriter Prepare<T>(Model<T> model, ModelCard? card, SpecificationFormats? formats)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var writer = new SafetensorsWriter();
        ModelFileTexts.AddOrigin(writer, model);
        foreach (var (name, value) in model.Values)
            writer.Add(name, value);
        if (card is not null && formats is not null)
        {
            ModelFileTexts.AddAll(writer, model.Network, card, formats);
            if (card.Normalization is { } normalization)
                NormalizationTensors.OfInputs.Add(writer, normalization);
            if (card.TargetScaling is { } scaling)
                NormalizationTensors.OfTargets.Add(writer, scaling);
        }
        writer.AddText(ModelFileTexts.Checksum, writer.Checksum());
        return writer;
    }

    private static ModelFileContent LoadInto<T>(Model<T> model, SafetensorsReader reader, ModelLoading loading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelFileTexts.RefuseCheckpoint(reader);
        if (loading.WeightsAlone || !ModelFileTexts.HaveSpecification(reader))
            return LoadChecked(model, reader, loading, null);
        Layer found = ModelFileTexts.ReadNetwork(reader, loading.Formats);
        if (!IsSame(model.Network, found))
        {
            throw new ModelMismatchException(
                $"{reader.Source} holds another network: {SpecificationDifference.Describe(model.Network, found, IsSame)}.");
        }
        return LoadChecked(model, reader, loading, null);

        bool IsSame(Layer one, Layer other) => one.Equals(other)
            || NetworkSpecification.WithoutInitializers(one, loading.Formats)
                == NetworkSpecification.WithoutInitializers(other, loading.Formats);
    }

    private static ModelFileContent LoadChecked<T>(Model<T> model, SafetensorsReader reader, ModelLoading loading, ModelFileContent? known)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var comparison = new ModelFileComparison<T>(model, reader);
        comparison.RequireSame(loading.MayRound);
        ModelFileContent content = known
            ?? ModelFileTexts.Read(reader, comparison.HasNormalization, loading.WeightsAlone ? null : loading.Formats);
        if (content.InputShape is { } input && input != model.InputShape && !loading.WeightsAlone)
            throw new ModelMismatchException($"{reader.Source} is of a model that takes {input}; this one takes {model.InputShape}.");
        try
        {
            if (!loading.WeightsAlone)
                content.Card.RequireFit(model.InputShape, model.OutputShape);
        }
        catch (ArgumentException exception)
        {
            throw new ModelMismatchException($"{reader.Source}: {exception.Message}");
        }
        if (known is null)
            CheckBytes(reader, loading);
        comparison.ReadTo(loading.MayRound);
        if (!loading.WeightsAlone)
            model.Card = content.Card;
        return content;
    }

    internal static void CheckBytes(SafetensorsReader reader, ModelLoading loading)
    {
        if (!loading.ChecksSha256)
            return;
        if (!reader.Metadata.TryGetValue(ModelFileTexts.Checksum, out string? named))
        {
            if (!ModelFileTexts.HaveSpecification(reader))
                return;
            throw new InvalidDataException(
                $"{reader.Source} has lost its {ModelFileTexts.Checksum}: it is damaged, or was changed by another program.");
        }
        string found = reader.Checksum(ModelFileTexts.Checksum);
        if (found != named)
        {
            throw new InvalidDataException(
                $"{reader.Source} is damaged, or was changed by another program: expected a content of SHA-256 {named}; found {found}.");
        }
    }
}
