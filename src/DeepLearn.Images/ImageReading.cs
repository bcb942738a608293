using DeepLearn.Data;
using DeepLearn.Foundation;

namespace DeepLearn.Images;

/// <summary>Reads many files on several threads; the result does not depend on their number.</summary>
internal sealed class ImageReading(
    ImagePreparation preparation, ImageFolderOptions options, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
{
    private readonly Lock _lock = new();
    private long _done;

    /// <summary>The files that could not be read, in the order of all files.</summary>
    public ValueList<LeftOutFile> LeftOut { get; private set; } = ValueList<LeftOutFile>.Empty;

    /// <summary>Reads the files; null stands for one that is left out.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read: the first one of them all.</exception>
    public byte[]?[] Read(FileInfo[] files)
    {
        var images = new byte[]?[files.Length];
        var faults = new InvalidDataException?[files.Length];
        long total = files.Sum(file => file.Length);
        var parallel = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
        };
        try
        {
            // After Break all files before this one are still read, so that the first fault is the same for any number of threads.
            Parallel.For(0, files.Length, parallel, (i, state) =>
            {
                try
                {
                    images[i] = preparation.Read(files[i].FullName);
                }
                catch (InvalidDataException exception)
                {
                    faults[i] = exception;
                    if (!options.LeavesOutDamaged)
                        state.Break();
                }
                Report(files[i], total);
            });
        }
        catch (AggregateException exception)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        if (!options.LeavesOutDamaged && Array.Find(faults, fault => fault is not null) is { } first)
            throw first;
        LeftOut = ValueList.Create<LeftOutFile>([.. Enumerable.Range(0, files.Length).Where(i => faults[i] is not null)
            .Select(i => new LeftOutFile(files[i].FullName, faults[i]!.Message))]);
        return images;
    }

    private void Report(FileInfo file, long total)
    {
        if (progress is null)
            return;
        lock (_lock)
            progress.Report(new($"reading {file.Name}", _done += file.Length, total));
    }
}
