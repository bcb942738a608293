using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data.Idx;

/// <summary>
/// Reads images and labels in the idx format, plain or gzipped: MNIST (LeCun, Cortes and Burges, 1998), Fashion-MNIST (Xiao, Rasul and
/// Vollgraf, 2017) and their like.
/// </summary>
/// <remarks>
/// A file begins with 0, 0, 8 (unsigned bytes) and the number of axes, then has each extent as four bytes, the highest first, then the
/// bytes. Images have three axes: number, height, width; labels have one. Whether a file is gzipped is seen from its content.
/// </remarks>
public static class IdxFiles
{
    /// <summary>The names of Fashion-MNIST's classes, for <see cref="LoadFolder"/>.</summary>
    public static ValueList<string> FashionClassNames { get; } =
        ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

    /// <summary>Reads images and their labels, shape <c>[height, width, 1]</c>.</summary>
    /// <param name="imagesPath">The file of images.</param>
    /// <param name="labelsPath">The file of labels.</param>
    /// <param name="classes">The number of classes, from 1 to 256; default 10.</param>
    /// <param name="classNames">The names of the classes; null, the default, for the numbers.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is not in the format, cut short or too long, there are not as many labels as images, or a label is out of range: the message
    /// names the file, the offset, what was expected and what was found.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static ByteDataset Load(
        string imagesPath,
        string labelsPath,
        int classes = 10,
        ValueList<string>? classNames = null,
        CancellationToken cancellationToken = default)
    {
        const int labelsHeader = 8;
        if (classes is < 1 or > 256)
            throw new ArgumentOutOfRangeException(nameof(classes), $"The number of classes is from 1 to 256; found {classes}.");
        IdxArray labelArray = IdxArray.Read(labelsPath, axes: 1, cancellationToken);
        var labels = new int[labelArray.Bytes.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = labelArray.Bytes[i];
            if (labels[i] >= classes)
            {
                throw new InvalidDataException(
                    $"{labelsPath}, byte {labelsHeader + i}: a label is from 0 to {classes - 1}; found {labels[i]}.");
            }
        }
        IdxArray images = IdxArray.Read(imagesPath, axes: 3, cancellationToken);
        if (images.Extents[1] == 0 || images.Extents[2] == 0)
        {
            throw new InvalidDataException(
                $"{imagesPath}: an image has at least one pixel; found {images.Extents[1]}x{images.Extents[2]}.");
        }
        if (images.Extents[0] != labels.Length)
        {
            throw new InvalidDataException(
                $"{imagesPath} has {images.Extents[0]} images; expected {labels.Length}, as many as {labelsPath} has labels.");
        }
        if (classNames is null)
        {
            var numbers = new string[classes];
            for (int i = 0; i < classes; i++)
                numbers[i] = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            classNames = ValueList.Create<string>(numbers);
        }
        var shape = new Shape(images.Extents[1], images.Extents[2], 1);
        return new(images.Bytes, labels, new DatasetDescription(shape) { Classes = classes, ClassNames = classNames });
    }

    /// <summary>Reads a training and a test set from a folder under the names that MNIST and Fashion-MNIST give their files.</summary>
    /// <param name="folder">
    /// The folder with <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and
    /// <c>t10k-labels-idx1-ubyte</c>, each perhaps with <c>.gz</c>.
    /// </param>
    /// <param name="name">What reports call the collection, for instance <c>"mnist"</c>.</param>
    /// <param name="classNames">
    /// The names of the ten classes, such as <see cref="FashionClassNames"/>; null, the default, for the digits.
    /// </param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">A file is missing from the folder.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DatasetCollection LoadFolder(
        string folder, string name = "mnist", ValueList<string>? classNames = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);

        // All four are looked for before one is read.
        string trainImages = Find(folder, "train-images-idx3-ubyte"), trainLabels = Find(folder, "train-labels-idx1-ubyte");
        string testImages = Find(folder, "t10k-images-idx3-ubyte"), testLabels = Find(folder, "t10k-labels-idx1-ubyte");
        ByteDataset training = Load(trainImages, trainLabels, 10, classNames, cancellationToken);
        ByteDataset test = Load(testImages, testLabels, 10, classNames, cancellationToken);
        if (training.ExampleShape != test.ExampleShape)
        {
            throw new InvalidDataException(
                $"{testImages} has images of shape {test.ExampleShape}; expected {training.ExampleShape}, as {trainImages} has.");
        }
        return new(name, training, test);
    }

    private static string Find(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (File.Exists(path))
            return path;
        if (File.Exists(path + ".gz"))
            return path + ".gz";
        throw new FileNotFoundException($"The folder {folder} has neither {name} nor {name}.gz.", path);
    }
}
