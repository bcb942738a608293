using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Data.Mapped;

/// <summary>
/// Examples in a file of NumPy's format npy or of IDX, of any size: the file is mapped into memory, and the operating system loads what a
/// batch touches. Labels and targets are in memory.
/// </summary>
/// <remarks>
/// <para>
/// It is used like any data set: shuffled, split, resumed, by any number of threads. Batches are made by random access and have the same
/// bits as from memory. A first layer that reads bytes reads examples of unsigned bytes where they stand. If the file is larger than
/// memory, keep it on a solid-state disk. The order of an epoch takes four bytes an example.
/// </para>
/// <para>
/// The file must not be written while it is mapped: truncating it ends the process. <see cref="NpyWriter{T}"/> writes such files in
/// pieces. Dispose of the data set when it is no longer used, or leave it to the garbage collector.
/// </para>
/// </remarks>
/// <example><code>
/// using DeepLearn.Tensors.Files;
///
/// using (var writer = new NpyWriter&lt;byte&gt;("images.npy", 28, 28))
/// {
///     for (int i = 0; i &lt; 1000; i++)
///         writer.Write(new byte[28 * 28]);
///     writer.Complete();
/// }
/// using MappedDataset images = MappedDataset.Open("images.npy", exampleShape: new Shape(28, 28, 1));
/// Console.WriteLine($"{images.Count} images, {images.OwnMemoryInBytes} bytes in memory");    // prints 1000 images, 0 bytes in memory
/// </code></example>
public sealed class MappedDataset : Dataset, IDisposable
{
    // A piece of memory has at most 2^31 elements; fewer, so that its examples are whole.
    private const int LargestSegment = 1 << 30;

    private readonly MappedFile _file;
    private readonly ReadOnlyMemory<byte>[] _segments;
    private readonly int _examplesPerSegment;
    private readonly ArrayHeader _header;
    private readonly string _path;
    private readonly Matrix<double>? _targets;

    private MappedDataset(
        MappedFile file, ArrayHeader header, string path, int[]? labels, Matrix<double>? targets, DatasetDescription description)
        : base((int)header.Shape[0], description, labels)
    {
        _file = file;
        _header = header;
        _path = path;
        _targets = targets;

        // The header has been checked: its rows are no longer than an array can be.
        ExampleLength = description.ExampleShape.Count * NumericTypes.SizeOf(header.Type);
        _examplesPerSegment = Math.Max(1, LargestSegment / ExampleLength);
        _segments = new ReadOnlyMemory<byte>[(int)(((long)Count + _examplesPerSegment - 1) / _examplesPerSegment)];
        for (int i = 0; i < _segments.Length; i++)
        {
            long first = (long)i * _examplesPerSegment;
            int length = (int)Math.Min(_examplesPerSegment, Count - first) * ExampleLength;
            _segments[i] = new MappedMemory(file, header.Length + (first * ExampleLength), length).Memory;
        }
    }

    /// <summary>The bytes of an example in the file.</summary>
    public int ExampleLength { get; }

    /// <inheritdoc/>
    public override bool HoldsBytes => _header.Type == NumericType.UInt8;

    /// <inheritdoc/>
    public override bool GathersFeatures => true;

    /// <summary>The bytes in memory: labels and targets. Those of the file are the operating system's.</summary>
    public override long OwnMemoryInBytes => base.OwnMemoryInBytes + ((_targets?.Count ?? 0) * (long)sizeof(double));

    /// <summary>Opens a file of examples with class labels, or with neither labels nor targets.</summary>
    /// <param name="path">The file, npy (not in the order of Fortran) or IDX, by its content; not gzipped. The examples are along the first
    /// axis.</param>
    /// <param name="labels">The class of each example, whole numbers from 0; null, the default, if there are none.</param>
    /// <param name="classes">The number of classes; 0, the default, for one more than the largest label, as for
    /// <see cref="Dataset.FromArray"/>.</param>
    /// <param name="exampleShape">The shape of an example, of as many elements; null, the default, for that of the file.</param>
    /// <param name="order">Of images, which axis is the channels, as for <see cref="Dataset.FromArray"/>.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is of another format, cut short or too long, or the labels do not fit; the message
    /// names the file, what was expected and what was found.</exception>
    public static MappedDataset Open(
        string path, NumericArray? labels = null, int classes = 0, Shape? exampleShape = null, PixelOrder? order = null)
    {
        return Open(path, (header, file) =>
        {
            Shape shape = ArrayExamples.ShapeOf(header.Shape, path, exampleShape);
            int[]? classOfEach = ArrayExamples.LabelsOf(
                labels, header.Shape[0], path, ref classes, $"{nameof(MappedDataset)}.{nameof(OpenWithTargets)}");
            return new(file, header, path, classOfEach, null, new DatasetDescription(shape)
            {
                Classes = classes,
                Order = PixelOrders.Of(shape, order, path),
            });
        });
    }

    /// <summary>Opens a file of examples with real-valued targets.</summary>
    /// <param name="path">The file, as for <see cref="Open(string, NumericArray, int, Shape, PixelOrder?)"/>.</param>
    /// <param name="targets">The targets, <c>[examples]</c> or <c>[examples, targets]</c>.</param>
    /// <param name="order">Of images, which axis is the channels, as for <see cref="Dataset.FromArray"/>.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// As for <see cref="Open(string, NumericArray, int, Shape, PixelOrder?)"/>; or the targets do not fit.
    /// </exception>
    public static MappedDataset OpenWithTargets(string path, NumericArray targets, PixelOrder? order = null)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return Open(path, (header, file) =>
        {
            Shape shape = ArrayExamples.ShapeOf(header.Shape, path, null);
            if (targets.Shape.Count is not (1 or 2) || targets.Shape[0] != header.Shape[0] || targets.Shape[^1] == 0)
            {
                throw new InvalidDataException(
                    $"{targets.Source}: expected targets of the shape [{header.Shape[0]}] or [{header.Shape[0]}, targets], a row for each "
                    + $"example of {path}; found {targets.Shape}.");
            }
            Matrix<double> rows = targets.ToMatrix<double>();
            return new(file, header, path, null, rows, new DatasetDescription(shape)
            {
                TargetWidth = rows.Columns,
                Order = PixelOrders.Of(shape, order, path),
            });
        });
    }

    /// <summary>Closes the file. The data set must not be in use.</summary>
    public void Dispose() => _file.Dispose();

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> BytesCore(int index) => RowOf(index);

    /// <inheritdoc/>
    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination) =>
        GatherFeaturesCore(indices, transform, 0, destination);

    /// <inheritdoc/>
    protected override void GatherFeaturesCore<T>(
        ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
    {
        int size = NumericTypes.SizeOf(_header.Type), count = destination.Columns;
        if (HoldsBytes)
        {
            for (int i = 0; i < indices.Length; i++)
            {
                ReadOnlySpan<byte> part = RowOf(indices[i]).Span.Slice(first, count);
                if (transform is null)
                    Kernels.Elementwise.ByteConversion.Convert(part, T.One, T.Zero, destination.Row(i));
                else
                {
                    Kernels.Elementwise.ByteConversion.Convert(
                        part, transform.Scale.Slice(first, count), transform.Offset.Slice(first, count), destination.Row(i));
                }
            }

            // The spans do not keep the file mapped.
            GC.KeepAlive(this);
            return;
        }
        double[] numbers = ArrayPool<double>.Shared.Rent(count * 2);
        try
        {
            Span<byte> turned = MemoryMarshal.AsBytes(numbers.AsSpan(count, count))[..(count * size)];
            for (int i = 0; i < indices.Length; i++)
            {
                ReadOnlySpan<byte> part = RowOf(indices[i]).Span.Slice(first * size, count * size);
                if (_header.IsBigEndian == BitConverter.IsLittleEndian)
                {
                    part.CopyTo(turned);
                    NumericTypes.Reverse(turned, size);
                    part = turned;
                }
                Write(indices[i], first, part, transform, numbers.AsSpan(0, count), destination.Row(i));
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(numbers);
            GC.KeepAlive(this);
        }
    }

    /// <inheritdoc/>
    protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            for (int j = 0; j < destination.Columns; j++)
                destination.Row(i)[j] = T.CreateTruncating(_targets![indices[i], j]);
        }
    }

    private static MappedDataset Open(string path, Func<ArrayHeader, MappedFile, MappedDataset> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream stream = WholeFile.OpenRead(path);
        MappedFile? file = null;
        try
        {
            ArrayHeader header = ReadHeader(stream, path);
            file = new MappedFile(path, stream);
            return make(header, file);
        }
        catch
        {
            file?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    private static ArrayHeader ReadHeader(FileStream stream, string path)
    {
        int first = stream.ReadByte(), second = stream.ReadByte();
        stream.Position = 0;
        if (first == 0x1F && second == 0x8B)
            throw new InvalidDataException($"{path}: expected a file that can be mapped; found a gzipped one. Unpack it.");
        if (first != 0x93 && first != 0)
            throw new InvalidDataException($"{path}: expected an npy or IDX file; found one that begins with {first:X2} {second:X2}.");
        ArrayHeader header = first == 0 ? IdxFile.ReadHeader(stream, path) : NpyHeader.Read(stream, path);
        long length = header.ContentLength(path);
        if (header.Length + length != stream.Length)
        {
            throw new InvalidDataException(
                $"{path}: its header announces {header.Length + length} bytes in all; found {stream.Length}.");
        }
        if (length == 0)
            throw new InvalidDataException($"{path}: expected at least one example; found the extents {header.Shape}.");
        if (header.IsFortran && header.Shape.Count > 1)
        {
            throw new InvalidDataException(
                $"{path}: expected the last axis contiguous; found the order of Fortran, where no example stands in one piece. Save it by "
                + "numpy.ascontiguousarray.");
        }
        return header;
    }

    private ReadOnlyMemory<byte> RowOf(int index)
    {
        int segment = index / _examplesPerSegment;
        return _segments[segment].Slice((index - (segment * _examplesPerSegment)) * ExampleLength, ExampleLength);
    }

    private void Write<T>(
        int index, int first, ReadOnlySpan<byte> part, FeatureTransform<T>? transform, Span<double> numbers, Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int tooLarge = -1;
        if (transform is null)
            tooLarge = NumericConversion.Convert(part, _header.Type, row, mayRound: true);
        else if (_header.Type == NumericType.Float32)
            transform.ApplyTo(first, MemoryMarshal.Cast<byte, float>(part), row);
        else
        {
            NumericConversion.Convert(part, _header.Type, numbers, mayRound: true);
            transform.ApplyTo<double>(first, numbers, row);
        }
        if (tooLarge >= 0)
        {
            throw new InvalidDataException(
                $"{_path}, example {index}, element {first + tooLarge}: the number is beyond the range of {TypeNames.Of<T>()}.");
        }
    }
}
