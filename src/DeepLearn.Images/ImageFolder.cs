using DeepLearn.Data;
using DeepLearn.Foundation;

namespace DeepLearn.Images;

/// <summary>
/// Reads folders of images: a folder for each class, named for it, with PNG and JPEG files in it and in its sub-folders.
/// </summary>
/// <remarks>
/// Classes and files are in the ordinal order of their names, on every file system. Hidden files, and files whose extension is not an
/// image's, are ignored; images of other formats are handled like damaged ones, refused or left out.
/// </remarks>
/// <example><code>
/// // flowers/train/daisy/1.png, flowers/train/rose/..., flowers/val/daisy/...
/// DatasetCollection flowers = ImageFolder.LoadCollection("flowers", new ImagePreparation(64, 64));
/// Console.WriteLine($"{flowers.Training.Count} images of {flowers.Training.ExampleShape}");    // prints 6 images of [64, 64, 3]
/// </code></example>
public static class ImageFolder
{
    private static readonly string[] Extensions =
        [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".heic", ".heif", ".avif"];

    /// <summary>Reads the images of a folder.</summary>
    /// <param name="folder">The folder with a folder for each class.</param>
    /// <param name="preparation">The preparation of each image.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told of the bytes of the files that have been read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">The folder or a file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file may not be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The folder has no folder with images, or one of another name than the given classes; or a file is no PNG or JPEG or is damaged. The
    /// message names the file: the first one in their order.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static ImageDataset Load(
        string folder,
        ImagePreparation preparation,
        ImageFolderOptions? options = null,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(preparation);
        options ??= new();
        (ValueList<string> classes, List<(FileInfo File, int Class)> files) = Find(folder, options);
        var reading = new ImageReading(preparation, options, progress, cancellationToken);
        byte[]?[] images = reading.Read([.. files.Select(file => file.File)]);
        int[] kept = [.. Enumerable.Range(0, images.Length).Where(i => images[i] is not null)];
        return new(
            [.. kept.Select(i => images[i]!)],
            [.. kept.Select(i => files[i].Class)],
            [.. kept.Select(i => files[i].File.FullName)],
            reading.LeftOut,
            new DatasetDescription(preparation.ExampleShape)
            {
                Classes = classes.Count,
                ClassNames = classes,
                Preparation = preparation,
            });
    }

    /// <summary>Reads a training and a test set; the test set has the classes of the training set.</summary>
    /// <param name="folder">
    /// The folder with <c>train</c> (or <c>training</c>) and <c>test</c>, <c>val</c>, <c>valid</c> or <c>validation</c>, the first of these
    /// that exists.
    /// </param>
    /// <param name="preparation">The preparation of each image.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="progress">Is told of the bytes of the files that have been read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">A folder or a file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder or a file may not be read.</exception>
    /// <exception cref="InvalidDataException">
    /// As for <see cref="Load"/>; or the test set has a class that the training set has not.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DatasetCollection LoadCollection(
        string folder,
        ImagePreparation preparation,
        ImageFolderOptions? options = null,
        IProgress<DataProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new();
        string train = Part(folder, "train", "training"), test = Part(folder, "test", "val", "valid", "validation");
        ImageDataset training = Load(train, preparation, options, progress, cancellationToken);
        options = options with { ClassNames = training.Description.ClassNames };
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return new(name.Length > 0 ? name : "images", training, Load(test, preparation, options, progress, cancellationToken));
    }

    private static string Part(string folder, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        }
        throw new DirectoryNotFoundException($"{folder}: expected a folder {string.Join(" or ", names.ToArray())}; found none.");
    }

    private static (ValueList<string> Classes, List<(FileInfo File, int Class)> Files) Find(string folder, ImageFolderOptions options)
    {
        DirectoryInfo[] folders = [.. new DirectoryInfo(folder).EnumerateDirectories("*", new EnumerationOptions())
            .Where(found => found.Name[0] != '.').OrderBy(found => found.Name, StringComparer.Ordinal)];
        string[] classes = options.ClassNames.Count > 0 ? [.. options.ClassNames] : [.. folders.Select(found => found.Name)];
        var files = new List<(FileInfo, int)>();
        foreach (DirectoryInfo found in folders)
        {
            int index = Array.IndexOf(classes, found.Name);
            if (index < 0)
            {
                throw new InvalidDataException(
                    $"{folder}: expected folders of the classes {options.ClassNames}; found '{found.Name}' besides.");
            }
            FileInfo[] images = [.. ImagesOf(found)];
            if (images.Length == 0)
                throw new InvalidDataException($"{found.FullName}: expected images of the class '{found.Name}', PNG or JPEG; found none.");
            files.AddRange(images.Select(image => (image, index)));
        }
        if (files.Count == 0)
            throw new InvalidDataException($"{folder}: expected a folder for each class, with images in it; found none.");
        return (ValueList.Create<string>(classes), files);
    }

    private static IEnumerable<FileInfo> ImagesOf(DirectoryInfo folder)
    {
        // Links among folders may form a cycle.
        const int DeepestFolder = 8;
        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = DeepestFolder };
        return folder.EnumerateFiles("*", everywhere)
            .Where(file => Extensions.Contains(file.Extension.ToLowerInvariant()))
            .OrderBy(file => Path.GetRelativePath(folder.FullName, file.FullName).Replace('\\', '/'), StringComparer.Ordinal);
    }
}
