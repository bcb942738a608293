using DeepLearn.Data;
using DeepLearn.Foundation;

namespace DeepLearn.Images;

/// <summary>
/// Images as bytes in memory, each with the file that it is from. A first layer that reads bytes reads them where they stand.
/// </summary>
/// <example><code>
/// ImageDataset images = ImageFolder.Load("flowers/train", new ImagePreparation(64, 64));
/// Console.WriteLine($"{images.Paths[0]}: {images.Description.ClassNames[images.Labels[0]]}");
/// </code></example>
public sealed class ImageDataset : Dataset
{
    private const int LargestBlock = 1 << 30;

    private readonly byte[][] _blocks;
    private readonly int _imagesPerBlock;

    internal ImageDataset(
        byte[][] images, int[]? labels, string[] paths, ValueList<LeftOutFile> leftOut, DatasetDescription description)
        : base(images.Length, description, labels)
    {
        int size = description.ExampleShape.Count;
        _imagesPerBlock = Math.Max(1, LargestBlock / size);
        _blocks = new byte[(images.Length + _imagesPerBlock - 1) / _imagesPerBlock][];
        for (int i = 0; i < images.Length; i++)
        {
            int block = i / _imagesPerBlock, first = block * _imagesPerBlock;
            _blocks[block] ??= new byte[(long)size * Math.Min(_imagesPerBlock, images.Length - first)];
            images[i].CopyTo(_blocks[block], (i - first) * size);
            images[i] = [];
        }
        Paths = ValueList.Create<string>(paths);
        LeftOut = leftOut;
    }

    /// <summary>The file of each image.</summary>
    public ValueList<string> Paths { get; }

    /// <summary>The files that could not be read and were left out, where <see cref="ImageFolderOptions.LeavesOutDamaged"/> asks for
    /// it.</summary>
    public ValueList<LeftOutFile> LeftOut { get; }

    /// <inheritdoc/>
    public override long OwnMemoryInBytes => base.OwnMemoryInBytes + _blocks.Sum(block => block.LongLength);

    /// <inheritdoc/>
    public override bool HoldsBytes => true;

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> BytesCore(int index)
    {
        int block = index / _imagesPerBlock, size = ExampleShape.Count;
        return _blocks[block].AsMemory((index - (block * _imagesPerBlock)) * size, size);
    }
}
