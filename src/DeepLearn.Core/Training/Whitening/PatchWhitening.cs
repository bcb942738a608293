using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Layers;
using DeepLearn.Parameters;

namespace DeepLearn.Training.Whitening;

/// <summary>
/// The directions in which patches of training images vary, and how much: of them a first convolution is made whose outputs have about one
/// variance and are not correlated. An immutable value.
/// </summary>
/// <remarks>
/// <para>
/// The directions are the eigenvectors of the mean of x x' over all patches x, every place of the kernel within an image, and the numbers
/// that go with them its eigenvalues. Images are taken as the network sees them, normalized, so that their mean is about 0; it is not
/// subtracted. A filter is <c>v / sqrt(eigenvalue + epsilon)</c>, once with either sign, since what follows passes one sign on. Everything
/// is summed in double, in one order, so that the filters are the same bits on every machine.
/// </para>
/// <para>
/// Coates and Ng, "Learning Feature Representations with K-Means", 2012, whiten patches so; as a first layer that stays as it is in Page,
/// "How to Train Your ResNet 8: Bag of Tricks", 2019, and Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", 2024, of whose record
/// the kernel of 2x2, both signs and the epsilon are.
/// </para>
/// </remarks>
/// <example><code>
/// PatchWhitening whitening = PatchWhitening.Of(training, kernel: 2, plan.Normalization, images: 100);
/// var network = new Sequential(whitening.ToConvolution(), new Gelu(), new MaxPool(4), new Flatten(), new Dense(10));
/// TrainingPlan frozen = plan with { Parameters = [new ParameterRule("convolution2d1/weights") { Freezes = true }] };
/// </code></example>
public sealed record PatchWhitening
{
    private const int ChunkSize = 250;

    private PatchWhitening(Extent2D kernel, ValueList<double> eigenvalues, ValueList<double> directions)
    {
        Kernel = kernel;
        Eigenvalues = eigenvalues;
        Directions = directions;
    }

    /// <summary>The extent of a patch.</summary>
    public Extent2D Kernel { get; }

    /// <summary>The mean square of what patches have along each direction, from the largest to the smallest; at least 0.</summary>
    public ValueList<double> Eigenvalues { get; }

    /// <summary>
    /// The directions, of length 1, one after another in the order of <see cref="Eigenvalues"/>; each in the order of a patch: kernel row,
    /// kernel column, channel. Of the two signs the one that makes the element of largest size positive.
    /// </summary>
    public ValueList<double> Directions { get; }

    /// <summary>Looks at the patches of a data set's first images.</summary>
    /// <param name="dataset">The images, channels last.</param>
    /// <param name="kernel">The extent of a patch, at most that of an image; a number for a square.</param>
    /// <param name="normalization">What images go through before the network; null for nothing.</param>
    /// <param name="images">The number of images to look at, at least 1, or all where there are fewer. Default 5,000.</param>
    /// <exception cref="ArgumentException">The examples are no images with channels last, or smaller than a patch, or none.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="images"/> is below 1.</exception>
    public static PatchWhitening Of(Dataset dataset, Extent2D kernel, Normalization? normalization = null, int images = 5000)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        if (dataset.ExampleShape.Rank != 3 || dataset.Description.Order != PixelOrder.ChannelsLast)
        {
            throw new ArgumentException(
                $"Patches are those of images, {PixelOrder.ChannelsLast}; found examples of {dataset.ExampleShape}, "
                + $"{dataset.Description.Order}.", nameof(dataset));
        }
        (int height, int width, int channels) = (dataset.ExampleShape[0], dataset.ExampleShape[1], dataset.ExampleShape[2]);
        if (kernel.Height < 1 || kernel.Width < 1 || kernel.Height > height || kernel.Width > width)
            throw new ArgumentException($"A patch fits into images of {height}x{width}; found one of {kernel}.", nameof(kernel));
        if (dataset.Count == 0)
            throw new ArgumentException("Patches are those of at least one image; found none.", nameof(dataset));
        int size = kernel.Height * kernel.Width * channels, count = Math.Min(images, dataset.Count);
        var sums = new double[size * size];
        var patch = new double[size];
        var batch = new Batch<double>(Math.Min(ChunkSize, count), dataset.Description);
        FeatureTransform<double>? transform = normalization?.Build<double>();
        for (int first = 0; first < count; first += ChunkSize)
        {
            int inChunk = Math.Min(ChunkSize, count - first);
            batch.FillRange(dataset, first, inChunk, transform);
            for (int i = 0; i < inChunk; i++)
                AddPatches(batch.FeatureView.Row(i), height, width, kernel, patch, sums);
        }
        double patches = (double)count * (height - kernel.Height + 1) * (width - kernel.Width + 1);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
                sums[(i * size) + j] = sums[(j * size) + i] = sums[(i * size) + j] / patches;
        }
        double[] values = SymmetricEigen.Decompose(sums, size, out double[] vectors);
        int[] order = [.. Enumerable.Range(0, size).OrderByDescending(direction => values[direction])];
        var directions = new double[size * size];
        foreach ((int place, int direction) in order.Index())
        {
            int largest = 0;
            for (int j = 0; j < size; j++)
            {
                directions[(place * size) + j] = vectors[(j * size) + direction];
                if (Math.Abs(directions[(place * size) + j]) > Math.Abs(directions[(place * size) + largest]))
                    largest = j;
            }
            if (directions[(place * size) + largest] < 0)
            {
                foreach (ref double element in directions.AsSpan(place * size, size))
                    element = -element;
            }
        }
        return new(
            kernel, [.. order.Select(direction => Math.Max(0, values[direction]))], ValueList.Create<double>(directions));
    }

    /// <summary>
    /// The convolution that begins with the filters, without padding: of every direction one, or one of either sign. To keep them, freeze
    /// its weights (<see cref="Optimizers.ParameterRule"/>).
    /// </summary>
    /// <param name="epsilon">
    /// What is added to the eigenvalues, finite and above 0, so that directions in which patches hardly vary are not blown up. Default
    /// 5e-4.
    /// </param>
    /// <param name="hasBothSigns">Whether there is a filter of either sign for each direction. Default true.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is out of its range.</exception>
    public Convolution2D ToConvolution(double epsilon = 5e-4, bool hasBothSigns = true)
    {
        if (!double.IsFinite(epsilon) || epsilon <= 0)
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "What is added to eigenvalues is finite and above 0.");
        int size = Eigenvalues.Count, filters = hasBothSigns ? 2 * size : size;
        var weights = new double[size * filters];
        for (int direction = 0; direction < size; direction++)
        {
            double length = 1 / Math.Sqrt(Eigenvalues[direction] + epsilon);
            for (int j = 0; j < size; j++)
            {
                double weight = length * Directions[(direction * size) + j];
                weights[(j * filters) + direction] = weight;
                if (hasBothSigns)
                    weights[(j * filters) + size + direction] = -weight;
            }
        }
        return new(filters, Kernel) { Weights = new GivenInitializer(size, filters, ValueList.Create<double>(weights)) };
    }

    /// <summary>The kernel and the eigenvalues.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"Whitening of patches of {Kernel}: {Eigenvalues.Count} directions of {Eigenvalues[0]:g3} to "
        + $"{Eigenvalues[Eigenvalues.Count - 1]:g3}");

    private static void AddPatches(
        ReadOnlySpan<double> image, int height, int width, Extent2D kernel, Span<double> patch, Span<double> sums)
    {
        int line = image.Length / height, channels = line / width, run = kernel.Width * channels;
        for (int y = 0; y <= height - kernel.Height; y++)
        {
            for (int x = 0; x <= width - kernel.Width; x++)
            {
                for (int row = 0; row < kernel.Height; row++)
                    image.Slice(((y + row) * line) + (x * channels), run).CopyTo(patch[(row * run)..]);
                for (int i = 0; i < patch.Length; i++)
                {
                    double element = patch[i];
                    Span<double> to = sums.Slice(i * patch.Length, i + 1);
                    for (int j = 0; j < to.Length; j++)
                        to[j] += element * patch[j];
                }
            }
        }
    }
}
