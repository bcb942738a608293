using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data.Cifar;

/// <summary>The images and labels of a collection while its files are being read, in any order.</summary>
internal sealed class CifarImages
{
    // About a mebibyte at a time.
    private const int RecordsAtOnce = 340;

    private readonly CifarFormat _format;
    private readonly PixelOrder _order;
    private readonly IProgress<DataProgress>? _progress;
    private readonly byte[] _trainingBytes, _testBytes;
    private readonly int[] _trainingLabels, _testLabels;
    private readonly byte[] _buffer;
    private readonly bool[] _isRead;
    private long _done;

    public CifarImages(CifarFormat format, PixelOrder order, IProgress<DataProgress>? progress)
    {
        _format = format;
        _order = order;
        _progress = progress;
        int training = format.TrainingFiles.Count * format.RecordsPerTrainingFile;
        _trainingBytes = new byte[training * CifarFormat.Pixels];
        _trainingLabels = new int[training];
        _testBytes = new byte[format.RecordsInTestFile * CifarFormat.Pixels];
        _testLabels = new int[format.RecordsInTestFile];
        _buffer = new byte[RecordsAtOnce * format.RecordLength];
        _isRead = new bool[format.Files];
    }

    /// <summary>Reads one of the files.</summary>
    /// <param name="file">Its number in the format.</param>
    /// <param name="path">How messages name it.</param>
    /// <param name="read">Reads the next bytes and says how many; fewer than asked for at the end.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="InvalidDataException">It is cut short, has a label out of range, or has been read already.</exception>
    public void Read(int file, string path, Func<Memory<byte>, int> read, CancellationToken cancellationToken)
    {
        if (_isRead[file])
            throw new InvalidDataException($"{path} stands there twice.");
        bool isTest = file == _format.TrainingFiles.Count;
        byte[] images = isTest ? _testBytes : _trainingBytes;
        int[] labels = isTest ? _testLabels : _trainingLabels;
        int start = isTest ? 0 : file * _format.RecordsPerTrainingFile;
        int records = _format.RecordsAt(file), length = _format.RecordLength;
        for (int first = 0; first < records; first += RecordsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(RecordsAtOnce, records - first);
            int found = read(_buffer.AsMemory(0, count * length));
            if (found < count * length)
            {
                throw new InvalidDataException(
                    $"{path} is cut short: it ends at byte {((long)first * length) + found}; expected {_format.LengthAt(file)} bytes, "
                    + $"{records} records of {length}.");
            }
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> record = _buffer.AsSpan(i * length, length);
                labels[start + first + i] = LabelOf(record, path, (long)(first + i) * length);
                Span<byte> image = images.AsSpan((start + first + i) * CifarFormat.Pixels, CifarFormat.Pixels);
                CopyPixels(record[_format.LabelRanges.Count..], image);
            }
            _done += count * length;
            _progress?.Report(new($"reading {_format.FileAt(file)}", _done, _format.TotalLength));
        }
        _isRead[file] = true;
    }

    /// <summary>The names of the files that have not been read.</summary>
    public string MissingFiles() => string.Join(", ", Enumerable.Range(0, _format.Files).Where(i => !_isRead[i]).Select(_format.FileAt));

    /// <summary>The collection, once all files have been read.</summary>
    public DatasetCollection Build(ValueList<string> names)
    {
        Shape shape = _order == PixelOrder.ChannelsLast
            ? new(CifarFormat.Side, CifarFormat.Side, CifarFormat.Channels)
            : new(CifarFormat.Channels, CifarFormat.Side, CifarFormat.Side);
        var description = new DatasetDescription(shape) { Order = _order, Classes = _format.Classes, ClassNames = names };
        var training = new ByteDataset(_trainingBytes, _trainingLabels, description);
        var test = new ByteDataset(_testBytes, _testLabels, description);
        var batches = new Dataset[_format.TrainingFiles.Count];
        for (int i = 0; i < batches.Length; i++)
            batches[i] = training.Slice(i * _format.RecordsPerTrainingFile, _format.RecordsPerTrainingFile);
        return new(_format.Name, training, test, batches);
    }

    private int LabelOf(ReadOnlySpan<byte> record, string path, long offset)
    {
        for (int i = 0; i < _format.LabelRanges.Count; i++)
        {
            if (record[i] >= _format.LabelRanges[i])
            {
                throw new InvalidDataException(
                    $"{path}, byte {offset + i}: a label is from 0 to {_format.LabelRanges[i] - 1}; found {record[i]}.");
            }
        }
        return record[_format.LabelIndex];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyPixels(ReadOnlySpan<byte> planes, Span<byte> image)
    {
        if (_order == PixelOrder.Planar)
        {
            planes.CopyTo(image);
            return;
        }
        const int plane = CifarFormat.Side * CifarFormat.Side;
        ReadOnlySpan<byte> red = planes[..plane], green = planes.Slice(plane, plane), blue = planes.Slice(2 * plane, plane);
        Span<Pixel> pixels = MemoryMarshal.Cast<byte, Pixel>(image);
        for (int i = 0; i < red.Length && i < green.Length && i < blue.Length && i < pixels.Length; i++)
            pixels[i] = new(red[i], green[i], blue[i]);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct Pixel(byte red, byte green, byte blue)
    {
        public readonly byte Red = red;
        public readonly byte Green = green;
        public readonly byte Blue = blue;
    }
}
