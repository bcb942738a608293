using DeepLearn.Foundation;

namespace DeepLearn.Data.Cifar;

/// <summary>
/// Reads CIFAR-10 (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009) in its binary layout: 60,000 color images of
/// 32x32 in ten classes, 50,000 to train on in five batches, and 10,000 to test on.
/// </summary>
/// <remarks>
/// A file has 10,000 records of 3,073 bytes: the label, 0 to 9, then 1,024 red, 1,024 green and 1,024 blue bytes, each row after row. The
/// images stay bytes: 184 MB in all.
/// </remarks>
/// <example><code>
/// if (Directory.Exists("cifar-10-batches-bin"))
/// {
///     DatasetCollection images = Cifar10Files.Load("cifar-10-batches-bin");
///     Console.WriteLine($"{images.Training.Count} images of {images.Training.ExampleShape}");
/// }
/// </code></example>
public static class Cifar10Files
{
    internal static readonly CifarFormat Format = new()
    {
        Name = "cifar-10",
        Folder = "cifar-10-batches-bin",
        TrainingFiles = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"],
        TestFile = "test_batch.bin",
        RecordsPerTrainingFile = 10_000,
        RecordsInTestFile = 10_000,
        LabelRanges = [10],
        LabelIndex = 0,
        NamesFile = "batches.meta.txt",
        DefaultNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
    };

    /// <summary>Reads the whole collection.</summary>
    /// <param name="path">
    /// The folder with <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> and <c>test_batch.bin</c> (or with a folder
    /// <c>cifar-10-batches-bin</c> that has them), or the archive <c>cifar-10-binary.tar.gz</c>, which is not unpacked to disk.
    /// </param>
    /// <param name="order">
    /// The order of an image's numbers: <see cref="PixelOrder.ChannelsLast"/>, shape <c>[32, 32, 3]</c>, or as filed,
    /// <see cref="PixelOrder.Planar"/>, shape <c>[3, 32, 32]</c>.
    /// </param>
    /// <param name="progress">Told of the bytes read; null for no reports.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The collection; its <see cref="DatasetCollection.TrainingBatches"/> are the five files.</returns>
    /// <exception cref="FileNotFoundException">There is nothing at the path, or a file is missing from the folder.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is cut short or too long, a label is above 9, or the archive is none or damaged: the message names the file, the offset, what
    /// was expected and what was found.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DatasetCollection Load(
        string path,
        PixelOrder order = PixelOrder.ChannelsLast,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        CifarReader.Load(Format, path, order, progress, cancellationToken);
}
