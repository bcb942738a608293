using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Data.Idx;

/// <summary>
/// Reads images and labels in the idx format, plain or gzipped: MNIST (LeCun, Cortes and Burges, 1998), Fashion-MNIST (Xiao, Rasul and
/// Vollgraf, 2017), EMNIST, QMNIST and their like.
/// </summary>
/// <remarks>
/// Images are unsigned bytes of three axes: number, height, width. Labels are whole numbers of one axis, or rows of 8 whose first is the
/// class, as QMNIST has them (Yadav and Bottou, "Cold Case: The Lost MNIST Digits", 2019). Other arrays are read by
/// <see cref="IdxFile"/>, and <see cref="Dataset.FromArray"/> makes examples of them.
/// </remarks>
/// <example><code>
/// // train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, or the same with .gz
/// DatasetCollection digits = IdxFiles.LoadFolder("mnist");
/// Console.WriteLine(digits.Training.ExampleShape);    // prints [28, 28, 1]
/// </code></example>
public static class IdxFiles
{
    /// <summary>
    /// The names of Fashion-MNIST's classes, for <see cref="LoadFolder(string, string, ValueList{string}, CancellationToken)"/>.
    /// </summary>
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
        if (classes is < 1 or > 256)
            throw new ArgumentOutOfRangeException(nameof(classes), $"The number of classes is from 1 to 256; found {classes}.");
        int[] labels = ReadLabels(labelsPath, classes, cancellationToken);
        NumericArray images = IdxFile.Read(imagesPath, cancellationToken);
        if (images.ElementType != NumericType.UInt8 || images.Shape.Count != 3)
        {
            throw new InvalidDataException(
                $"{imagesPath}: expected images, unsigned bytes with 3 axes; found {images.ElementType} with {images.Shape.Count}. Read "
                + $"other arrays by {nameof(IdxFile)}.{nameof(IdxFile.Read)}.");
        }
        if (images.Shape[1] == 0 || images.Shape[2] == 0)
            throw new InvalidDataException($"{imagesPath}: an image has at least one pixel; found {images.Shape[1]}x{images.Shape[2]}.");
        if (images.Shape[0] != labels.Length)
        {
            throw new InvalidDataException(
                $"{imagesPath} has {images.Shape[0]} images; expected {labels.Length}, as many as {labelsPath} has labels.");
        }
        if (classNames is null)
        {
            var numbers = new string[classes];
            for (int i = 0; i < classes; i++)
                numbers[i] = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            classNames = ValueList.Create<string>(numbers);
        }
        var shape = new Shape(images.Shape[1], images.Shape[2], 1);
        return new(images.AsBytes().ToArray(), labels, new DatasetDescription(shape) { Classes = classes, ClassNames = classNames });
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
        return LoadFolder(folder, new() { Name = name, ClassNames = classNames ?? ValueList<string>.Empty }, cancellationToken);
    }

    /// <summary>Reads a training and a test set from a folder under the names in common use.</summary>
    /// <param name="folder">
    /// The folder with files such as <c>train-images-idx3-ubyte</c>, <c>train-labels.idx1-ubyte</c>,
    /// <c>emnist-letters-test-images-idx3-ubyte</c> or <c>qmnist-test-labels-idx2-int</c>, each perhaps with <c>.gz</c>.
    /// </param>
    /// <param name="options">Which files, and what their images and classes are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">There are other names than classes.</exception>
    /// <exception cref="FileNotFoundException">A file is missing from the folder, or several have its name.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DatasetCollection LoadFolder(string folder, IdxFolderOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(options);

        // All four are looked for before one is read.
        (string trainImages, string trainLabels, string testImages, string testLabels) = IdxNames.Find(folder, options.Prefix);
        ValueList<string>? names = options.ClassNames.Count == 0 ? null : options.ClassNames;
        ByteDataset training = Load(trainImages, trainLabels, options.Classes, names, cancellationToken);
        ByteDataset test = Load(testImages, testLabels, options.Classes, names, cancellationToken);
        if (training.ExampleShape != test.ExampleShape)
        {
            throw new InvalidDataException(
                $"{testImages} has images of shape {test.ExampleShape}; expected {training.ExampleShape}, as {trainImages} has.");
        }
        return options.IsTransposed
            ? new(options.Name, Transposed(training), Transposed(test))
            : new(options.Name, training, test);
    }

    private static int[] ReadLabels(string path, int classes, CancellationToken cancellationToken)
    {
        const int QmnistColumns = 8;
        NumericArray array = IdxFile.Read(path, cancellationToken);
        int columns = array.Shape switch { [_] => 1, [_, QmnistColumns] => QmnistColumns, _ => 0 };
        if (columns == 0)
        {
            throw new InvalidDataException(
                $"{path}: expected labels, one axis, or rows of {QmnistColumns} with the label first; found the shape {array.Shape}.");
        }
        int[] all = array.ToIntegers();
        var labels = new int[all.Length / columns];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = all[i * columns];
            if (labels[i] < 0 || labels[i] >= classes)
                throw new InvalidDataException($"{path}, element {i * columns}: a label is from 0 to {classes - 1}; found {labels[i]}.");
        }
        return labels;
    }

    private static ByteDataset Transposed(ByteDataset images)
    {
        int columns = images.ExampleShape[0], rows = images.ExampleShape[1], size = rows * columns;
        var bytes = new byte[images.Count * size];
        for (int i = 0; i < images.Count; i++)
        {
            ReadOnlySpan<byte> image = images.Example(i);
            for (int at = 0; at < size; at++)
                bytes[(i * size) + at] = image[(at % columns * rows) + (at / columns)];
        }
        DatasetDescription old = images.Description;
        var description = new DatasetDescription(new Shape(rows, columns, 1)) { Classes = old.Classes, ClassNames = old.ClassNames };
        return new(bytes, images.Labels.ToArray(), description);
    }
}
