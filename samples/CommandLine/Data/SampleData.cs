using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Data.Download;
using DeepLearn.Data.Synthetic;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;

namespace DeepLearn.Samples.CommandLine.Data;

/// <summary>The data that a sample works on, and what a report has to say of it.</summary>
public sealed record SampleData
{
    // The generated images are one data set, like CIFAR-10: another --seed is another experiment on the same data.
    private const ulong SyntheticSeed = 10;
    private const int QuickDivisor = 10;

    private SampleData(DatasetCollection collection, bool isSynthetic, string location)
    {
        Collection = collection;
        IsSynthetic = isSynthetic;
        Location = location;
        Fingerprint = DataFingerprint.Of(collection);
    }

    /// <summary>The images.</summary>
    public DatasetCollection Collection { get; }

    /// <summary>Whether they are generated ones, whose figures say nothing about CIFAR-10.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Where they came from.</summary>
    public string Location { get; }

    /// <summary>What tells this data from other data: eight hexadecimal digits.</summary>
    public string Fingerprint { get; }

    /// <summary>What reports call the source: <c>cifar-10</c> or <c>synthetic</c>.</summary>
    public string Source => IsSynthetic ? "synthetic" : "cifar-10";

    /// <summary>
    /// Finds the data, downloads it where it is not there, generates images where neither can be done; the first line on the terminal says
    /// which.
    /// </summary>
    /// <exception cref="IOException">What was named by the user, or found in the cache, cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static SampleData Load(SampleSettings settings, PixelOrder order, ReportTerminal terminal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(terminal);
        if (settings.Synthetic)
            return Generate(settings, order, "asked for by --synthetic", terminal, cancellationToken);
        Cifar10Location location;
        try
        {
            location = Locate(settings, terminal, cancellationToken);
        }
        catch (DownloadException exception)
        {
            string reason = $"CIFAR-10 was not found and could not be downloaded: {exception.Message.TrimEnd('.')}";
            return Generate(settings, order, reason, terminal, cancellationToken);
        }
        terminal.Line($"Data: CIFAR-10, {Words(location)}.");
        DatasetCollection collection = terminal.Follow(board =>
        {
            using ProgressLine line = board.Add("Reading CIFAR-10", "MB", Megabytes(60_000L * 3073));
            return Cifar10Files.Load(location.Path, order, ProgressOn(line), cancellationToken);
        });
        return new(settings.Quick ? Shrink(collection) : collection, false, location.Path);
    }

    private static Cifar10Location Locate(SampleSettings settings, ReportTerminal terminal, CancellationToken cancellationToken)
    {
        var source = new Cifar10Source { Path = settings.Data };
        if (source.Find() is { } found)
            return found;

        // Progress goes to standard error, since nothing is to stand above the line that says what the data is.
        return terminal.Follow(
            board =>
            {
                using ProgressLine line = board.Add("Downloading CIFAR-10", "MB", Megabytes(RemoteArchive.Cifar10.Length));
                return source.LocateAsync(ProgressOn(line), cancellationToken).GetAwaiter().GetResult();
            },
            toStandardError: true);
    }

    private static SampleData Generate(
        SampleSettings settings, PixelOrder order, string reason, ReportTerminal terminal, CancellationToken cancellationToken)
    {
        terminal.Line($"Data: SYNTHETIC images, not CIFAR-10: their figures say nothing about CIFAR-10's ({reason}).");
        int divisor = settings.Quick ? QuickDivisor : 1;
        DatasetCollection collection = terminal.Follow(board =>
        {
            using ProgressLine line = board.Add("Generating images", "images", 0);
            return SyntheticImages.Create(SyntheticSeed, 50_000 / divisor, 10_000 / divisor, order, cancellationToken);
        });
        return new(collection, true, "generated");
    }

    private static DatasetCollection Shrink(DatasetCollection whole)
    {
        Dataset[] batches = [.. whole.TrainingBatches.Select(batch => batch.Take(batch.Count / QuickDivisor))];
        return new(whole.Name, Dataset.Concatenate(batches), whole.Test.Take(whole.Test.Count / QuickDivisor), batches);
    }

    private static string Words(Cifar10Location location) => location.Origin switch
    {
        Cifar10Origin.Explicit => $"from {location.Path}",
        Cifar10Origin.Environment => $"from {location.Path} ({Cifar10Source.DefaultVariable})",
        Cifar10Origin.Cache => $"from the cache, {location.Path}",
        _ => $"downloaded and verified, now in {location.Path}",
    };

    private static DirectProgress<DataProgress> ProgressOn(ProgressLine line) => new(data => line.Report(Megabytes(data.Done)));

    private static double Megabytes(long bytes) => bytes / 1e6;
}
