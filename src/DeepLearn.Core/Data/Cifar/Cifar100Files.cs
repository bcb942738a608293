using DeepLearn.Foundation;

namespace DeepLearn.Data.Cifar;

/// <summary>
/// Reads CIFAR-100 (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009) in its binary layout: 60,000 color images of
/// 32x32 in 100 fine classes, which form 20 coarse ones; 50,000 to train on and 10,000 to test on.
/// </summary>
/// <remarks>A record has 3,074 bytes: the coarse label, 0 to 19, the fine label, 0 to 99, then the red, green and blue planes.</remarks>
/// <example><code>
/// if (Directory.Exists("cifar-100-binary"))
/// {
///     DatasetCollection images = Cifar100Files.Load("cifar-100-binary");
///     Console.WriteLine($"{images.Training.Count} images of {images.Training.ExampleShape}");
/// }
/// </code></example>
public static class Cifar100Files
{
    /// <summary>Reads the whole collection with one of its two kinds of labels.</summary>
    /// <param name="path">
    /// The folder with <c>train.bin</c> and <c>test.bin</c> (or with a folder <c>cifar-100-binary</c> that has them), or the archive
    /// <c>cifar-100-binary.tar.gz</c>, which is not unpacked to disk.
    /// </param>
    /// <param name="labels">Which labels: the 100 fine classes (default) or the 20 coarse ones.</param>
    /// <param name="order">
    /// The order of an image's numbers: <see cref="PixelOrder.ChannelsLast"/>, shape <c>[32, 32, 3]</c>, or as filed,
    /// <see cref="PixelOrder.Planar"/>, shape <c>[3, 32, 32]</c>.
    /// </param>
    /// <param name="progress">Told of the bytes read; null for no reports.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">There is nothing at the path, or a file is missing from the folder.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is cut short or too long, a label is out of range, or the archive is none or damaged: the message names the file, the offset,
    /// what was expected and what was found.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DatasetCollection Load(
        string path,
        Cifar100Labels labels = Cifar100Labels.Fine,
        PixelOrder order = PixelOrder.ChannelsLast,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        CifarReader.Load(FormatOf(labels), path, order, progress, cancellationToken);

    internal static CifarFormat FormatOf(Cifar100Labels labels)
    {
        if (labels is not (Cifar100Labels.Fine or Cifar100Labels.Coarse))
            throw new ArgumentOutOfRangeException(nameof(labels), $"The labels are Fine or Coarse; found {labels}.");
        return new()
        {
            Name = labels == Cifar100Labels.Fine ? "cifar-100" : "cifar-100-coarse",
            Folder = "cifar-100-binary",
            TrainingFiles = ["train.bin"],
            TestFile = "test.bin",
            RecordsPerTrainingFile = 50_000,
            RecordsInTestFile = 10_000,
            LabelRanges = [20, 100],
            LabelIndex = labels == Cifar100Labels.Coarse ? 0 : 1,
            NamesFile = labels == Cifar100Labels.Coarse ? "coarse_label_names.txt" : "fine_label_names.txt",
            DefaultNames = [],
        };
    }
}
