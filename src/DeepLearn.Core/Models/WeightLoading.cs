using System.Numerics;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>Takes some of a model's weights from a file, as for training a network on for another task.</summary>
/// <example><code>
/// model.Save("ten-classes.safetensors");
/// var another = new Sequential(new Dense(8), new Relu(), new Dense(2));
/// Model&lt;float&gt; twoClasses = another.Build&lt;float&gt;(training.ExampleShape, seed: 1);
/// LoadedWeights what = twoClasses.LoadWeights("ten-classes.safetensors", new() { Only = ["dense1/*"] });
/// Console.WriteLine(what.Loaded);    // prints [dense1/weights, dense1/biases]
/// </code></example>
public static class WeightLoading
{
    /// <summary>
    /// Loads those parameters and buffers of a model that a matching names from a file in the format safetensors, a model's of the library
    /// or another program's. Everything is checked first; the file's specification and card, where it has them, are not looked at.
    /// </summary>
    /// <example><code>
    /// model.Save("pictures.safetensors");
    /// Model&lt;float&gt; another = network.Build&lt;float&gt;(training.ExampleShape, seed: 2);
    /// LoadedWeights what = another.LoadWeights("pictures.safetensors", new() { Except = ["dense2/*"] });
    /// </code></example>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>; either takes F32, F16 and BF16 exactly.</typeparam>
    /// <param name="model">The model, of which what is named is overwritten.</param>
    /// <param name="path">The file.</param>
    /// <param name="matching">Which weights, and by which names; null for all of them by their own names.</param>
    /// <returns>What was loaded, what stayed as it was, and what in the file was not used.</returns>
    /// <exception cref="ArgumentException">A pattern or a renamed beginning matches no weight of the model. It is as it was.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, cut short, of another format, or a checkpoint of training. The model is as it was.
    /// </exception>
    /// <exception cref="ModelMismatchException">
    /// A tensor is missing, or of another shape or type, which the message says; or nothing would be loaded. The model is as it was.
    /// </exception>
    /// <exception cref="IOException">It cannot be read. The model is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static LoadedWeights LoadWeights<T>(this Model<T> model, string path, WeightMatching? matching = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        return LoadFrom(model, reader, matching ?? new());
    }

    /// <summary>Loads some of a model's weights from where a stream stands to its end, as from a file.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model, of which what is named is overwritten.</param>
    /// <param name="stream">The stream, which stays open. One that cannot seek is read to its end into memory.</param>
    /// <param name="matching">Which weights, and by which names; null for all of them by their own names.</param>
    /// <returns>What was loaded, what stayed as it was, and what was not used.</returns>
    /// <exception cref="ArgumentException">As for a path.</exception>
    /// <exception cref="InvalidDataException">As for a path.</exception>
    /// <exception cref="ModelMismatchException">As for a path.</exception>
    /// <exception cref="IOException">It cannot be read. The model is as it was.</exception>
    public static LoadedWeights LoadWeights<T>(this Model<T> model, Stream stream, WeightMatching? matching = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using SafetensorsReader reader = SafetensorsReader.Open(stream);
        return LoadFrom(model, reader, matching ?? new());
    }

    private static LoadedWeights LoadFrom<T>(Model<T> model, SafetensorsReader reader, WeightMatching matching)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelFileTexts.RefuseCheckpoint(reader);
        StateBuffer<T>[] values = model.Values;
        matching.RequireFit([.. values.Select(value => value.Name)]);
        StateBuffer<T>[] wanted =
            [.. values.Where(value => matching.Includes(value.Name)
                && (!matching.SkipsMissing || reader.Find(matching.NameInFile(value.Name)) is not null))];
        if (wanted.Length == 0)
        {
            throw new ModelMismatchException(
                $"{reader.Source} holds none of the weights that are to be loaded; it holds "
                + $"{string.Join(", ", reader.Tensors.Select(tensor => tensor.Name).Take(10))}.");
        }
        var comparison = new ModelFileComparison<T>(wanted, reader, matching.NameInFile);
        comparison.RequireFit(matching.MayRound);
        ModelFile.CheckBytes(reader, new() { ChecksSha256 = matching.ChecksSha256 });
        comparison.ReadTo(matching.MayRound);
        HashSet<string> loaded = [.. wanted.Select(value => value.Name)];
        HashSet<string> read = [.. wanted.Select(value => matching.NameInFile(value.Name))];
        return new(
            [.. wanted.Select(value => value.Name)],
            [.. values.Where(value => !loaded.Contains(value.Name)).Select(value => value.Name)],
            [.. reader.Tensors.Where(tensor => !read.Contains(tensor.Name)).Select(tensor => tensor.Name)]);
    }
}
