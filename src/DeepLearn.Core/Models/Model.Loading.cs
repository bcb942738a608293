using System.Numerics;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>Makes models of files.</summary>
/// <example><code>
/// model.Save("digits.safetensors");
/// Model&lt;float&gt; loaded = Model.Load&lt;float&gt;("digits.safetensors");
/// </code></example>
public static class Model
{
    /// <summary>Loads a model that <see cref="ModelFile"/> saved: network, weights and card. Nothing else is needed.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="loading">How; null for the defaults. A layer of your own is made known by its formats.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, cut short, of another format or a later version, has something unknown, or has the weights alone.
    /// </exception>
    /// <exception cref="ModelMismatchException">The tensors are not those of the network in the file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Model<T> Load<T>(string path, ModelLoading? loading = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return ModelFile.Load<T>(reader, loading ?? new());
    }

    /// <summary>Loads a model from a stream, from its position to its end.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="stream">The stream, which stays open. One that cannot seek is read to its end into memory.</param>
    /// <param name="loading">How; null for the defaults.</param>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    /// <exception cref="ModelMismatchException">The tensors are not those of the network.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Model<T> Load<T>(Stream stream, ModelLoading? loading = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using SafetensorsReader reader = SafetensorsReader.Open(stream);
        return ModelFile.Load<T>(reader, loading ?? new());
    }
}
