using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>
/// Saves what a model learned in the format safetensors, and loads it into a model that was built of the same specification.
/// </summary>
/// <remarks>
/// Each parameter and each buffer is a tensor of its name, <c>[rows, columns]</c> as in <see cref="Matrix{T}"/>, of type F32 for float and
/// F64 for double: the weights of a dense layer are <c>[inputs, outputs]</c>, where PyTorch keeps <c>[outputs, inputs]</c>; biases are
/// <c>[1, outputs]</c>. Nothing is transposed on the way. The README of this folder says what that means layer by layer. The specification
/// of the network is not in the file but as text for people; it is code, as in PyTorch.
/// </remarks>
public static class ModelFile
{
    /// <summary>Saves a model whole or not at all: a file that stood there before stays until the new one is complete.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="normalization">
    /// What inputs have to go through before the model: that of the plan it was trained by. Null for nothing.
    /// </param>
    /// <param name="texts">Texts of the caller's own by key, such as the names of the classes; null for none.</param>
    /// <exception cref="ArgumentException">
    /// The normalization has not one feature for each of the model's inputs; or a key is empty, or begins with <c>deeplearn.</c>.
    /// </exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Save<T>(
        this Model<T> model, string path, Normalization? normalization = null, IReadOnlyDictionary<string, string>? texts = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(model, normalization, texts).Save(path);

    /// <summary>Saves a model to a stream, from where it stands.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="normalization">What inputs have to go through before the model; null for nothing.</param>
    /// <param name="texts">Texts of the caller's own by key; null for none.</param>
    /// <exception cref="ArgumentException">As for a path.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save<T>(
        this Model<T> model, Stream stream, Normalization? normalization = null, IReadOnlyDictionary<string, string>? texts = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Prepare(model, normalization, texts).Write(stream);

    /// <summary>Loads into a model what one of the same specification had when it was saved. The file is checked first, whole.</summary>
    /// <typeparam name="T">
    /// <see cref="float"/> or <see cref="double"/>; either takes F32, F16 and BF16 exactly, float takes F64 where
    /// <see cref="ModelLoading.MayRound"/> says so.
    /// </typeparam>
    /// <param name="model">The model, whose parameters and buffers are overwritten. It holds them a second time meanwhile.</param>
    /// <param name="path">The file.</param>
    /// <param name="loading">How; null for the defaults.</param>
    /// <returns>What the file holds besides.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or of another format. The model is as it was.</exception>
    /// <exception cref="ModelMismatchException">
    /// Tensors are missing, or are too many, or have other shapes or types. The model is as it was.
    /// </exception>
    /// <exception cref="IOException">It cannot be read. The model is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ModelFileContent Load<T>(this Model<T> model, string path, ModelLoading? loading = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return Load(model, reader, loading ?? new());
    }

    /// <summary>Loads from where a stream stands to its end, as from a file.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model, whose parameters and buffers are overwritten.</param>
    /// <param name="stream">The stream, which stays open. One that cannot seek is read to its end into memory.</param>
    /// <param name="loading">How; null for the defaults.</param>
    /// <returns>What it holds besides.</returns>
    /// <exception cref="InvalidDataException">It is damaged, cut short or of another format. The model is as it was.</exception>
    /// <exception cref="ModelMismatchException">
    /// Tensors are missing, or are too many, or have other shapes or types. The model is as it was.
    /// </exception>
    /// <exception cref="IOException">It cannot be read. The model is as it was.</exception>
    public static ModelFileContent Load<T>(this Model<T> model, Stream stream, ModelLoading? loading = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using SafetensorsReader reader = SafetensorsReader.Open(stream);
        return Load(model, reader, loading ?? new());
    }

    /// <summary>Reads what a model's file holds besides the weights: before a model is built, say.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or of another format.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ModelFileContent ReadContent(string path)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return ModelFileTexts.Read(reader, NormalizationTensors.Read(reader));
    }

    private static SafetensorsWriter Prepare<T>(Model<T> model, Normalization? normalization, IReadOnlyDictionary<string, string>? texts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (normalization is not null && normalization.Features != model.InputShape.Count)
        {
            throw new ArgumentException(
                $"The normalization of a model of {model.InputShape} has {model.InputShape.Count} features; found "
                + $"{normalization.Features}.",
                nameof(normalization));
        }
        var writer = new SafetensorsWriter();
        ModelFileTexts.Add(writer, model, texts);
        foreach (var (name, value) in model.Values)
            writer.Add(name, value);
        if (normalization is not null)
            NormalizationTensors.Add(writer, normalization);
        return writer;
    }

    private static ModelFileContent Load<T>(Model<T> model, SafetensorsReader reader, ModelLoading loading)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var comparison = new ModelFileComparison<T>(model, reader);
        comparison.RequireSame(loading.MayRound);
        Normalization? normalization = comparison.HasNormalization ? NormalizationTensors.Read(reader) : null;
        if (normalization is not null && normalization.Features != model.InputShape.Count)
        {
            throw new ModelMismatchException(
                $"{reader.Source} has a normalization of {normalization.Features} features; the model takes {model.InputShape}.");
        }
        ModelFileContent content = ModelFileTexts.Read(reader, normalization);
        if (loading.ChecksSha256 && content.Sha256 is { } named)
        {
            string found = comparison.Sha256();
            if (found != named)
            {
                throw new InvalidDataException(
                    $"{reader.Source} is damaged, or was changed by another program: expected weights of SHA-256 {named}; found {found}.");
            }
        }
        comparison.ReadTo(model, loading.MayRound);
        return content;
    }
}
