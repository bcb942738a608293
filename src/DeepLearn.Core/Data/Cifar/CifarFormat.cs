using DeepLearn.Foundation;

namespace DeepLearn.Data.Cifar;

/// <summary>What distinguishes the binary layouts of CIFAR-10 and CIFAR-100, so that one reader reads both.</summary>
internal sealed record CifarFormat
{
    public const int Side = 32;
    public const int Channels = 3;
    public const int Pixels = Side * Side * Channels;

    /// <summary>The name that reports use.</summary>
    public required string Name { get; init; }

    /// <summary>The folder in which the archive keeps its files.</summary>
    public required string Folder { get; init; }

    /// <summary>The files of the training set in order.</summary>
    public required ValueList<string> TrainingFiles { get; init; }

    /// <summary>The file of the test set.</summary>
    public required string TestFile { get; init; }

    /// <summary>The number of images in each training file.</summary>
    public required int RecordsPerTrainingFile { get; init; }

    /// <summary>The number of images in the test file.</summary>
    public required int RecordsInTestFile { get; init; }

    /// <summary>The number of values of each label byte that stands before the pixels.</summary>
    public required ValueList<int> LabelRanges { get; init; }

    /// <summary>Which label byte is the class.</summary>
    public required int LabelIndex { get; init; }

    /// <summary>The file with the names of the classes, a line each; it may be absent.</summary>
    public required string NamesFile { get; init; }

    /// <summary>The names where that file is absent; empty if they are then unknown.</summary>
    public required ValueList<string> DefaultNames { get; init; }

    public int Classes => LabelRanges[LabelIndex];

    public int RecordLength => LabelRanges.Count + Pixels;

    /// <summary>The number of files of images.</summary>
    public int Files => TrainingFiles.Count + 1;

    /// <summary>The name of a file of images: the training files, then the test file.</summary>
    public string FileAt(int index) => index < TrainingFiles.Count ? TrainingFiles[index] : TestFile;

    /// <summary>The number of images in it.</summary>
    public int RecordsAt(int index) => index < TrainingFiles.Count ? RecordsPerTrainingFile : RecordsInTestFile;

    /// <summary>Its size in bytes.</summary>
    public long LengthAt(int index) => (long)RecordsAt(index) * RecordLength;

    public long TotalLength
    {
        get
        {
            long total = 0;
            for (int i = 0; i < Files; i++)
                total += LengthAt(i);
            return total;
        }
    }
}
