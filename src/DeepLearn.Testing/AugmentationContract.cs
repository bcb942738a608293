using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="ImageAugmentation"/> promises, checked on one of them.</summary>
/// <example><code>AugmentationContract.Check(new Darkening(0.3)).ThrowIfFailed();</code></example>
public static class AugmentationContract
{
    private const int Epochs = 3;

    // Another order of pixels may sum them in another order.
    private const double Tolerance = 1e-5;

    /// <summary>Checks an augmentation.</summary>
    /// <param name="augmentation">The augmentation.</param>
    /// <param name="options">The images it is tried on; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size in the options is too small.</exception>
    public static ContractReport Check(ImageAugmentation augmentation, AugmentationContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(augmentation);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Images, 2);
        var channelsLast = new ImageLayout(options.Height, options.Width, options.Channels, PixelOrder.ChannelsLast);
        byte[] images = Draw(channelsLast, options);
        var checks = new CheckList(nameof(AugmentationContract), augmentation);
        ValueChecks.Add(checks, augmentation, augmentation with { });
        bool isTaken = true;
        checks.Add("it takes images of these sizes in both orders", () =>
        {
            isTaken = false;
            augmentation.Check(channelsLast);
            augmentation.Check(channelsLast with { Order = PixelOrder.Planar });
            isTaken = true;
        });
        Add("the result is a function of image and context alone", () => CheckPurity(augmentation, channelsLast, images, options));
        Add("the results are finite", () => Expect.Finite<float>(ApplyAll(augmentation, channelsLast, images, options, 0), "the pixels"));
        Add("both orders of pixels show the same image", () => CheckOrders(augmentation, channelsLast, images, options));
        Add("float follows double", () => CheckFloat(augmentation, channelsLast, images, options));
        Add("neither batches nor threads change a bit", () => CheckLoader(augmentation, channelsLast, images, options));
        Add("an image allocates nothing", () =>
        {
            var image = new float[channelsLast.Count];
            var scratch = new float[channelsLast.Count];
            var context = new AugmentationContext(channelsLast, 0, options.Key);
            Allocations.ExpectNone(
                () =>
                {
                    for (int epoch = 0; epoch < 100; epoch++)
                        augmentation.Apply<float>(context with { Epoch = epoch }, image, scratch);
                },
                "a hundred images");
        });
        return checks.ToReport();

        void Add(string name, Action check) => checks.AddIf(isTaken, "it refuses the images", name, check);
    }

    // No pixel is black, which an augmentation may fill with, nor as bright as can be.
    private static byte[] Draw(ImageLayout layout, AugmentationContractOptions options)
    {
        RandomStream random = options.Key.Derive("images").Open();
        var bytes = new byte[options.Images * layout.Count];
        foreach (ref byte value in bytes.AsSpan())
            value = (byte)(1 + random.NextIndex(254));
        return bytes;
    }

    private static float[] Apply(
        ImageAugmentation augmentation, ImageLayout layout, ReadOnlySpan<byte> bytes, RandomKey key, long epoch, float scratch = float.NaN)
    {
        var image = new float[layout.Count];
        var work = new float[layout.Count];
        for (int i = 0; i < image.Length; i++)
            (image[i], work[i]) = (bytes[i], scratch);
        augmentation.Apply<float>(new AugmentationContext(layout, epoch, key), image, work);
        return image;
    }

    private static float[] ApplyAll(
        ImageAugmentation augmentation, ImageLayout layout, byte[] images, AugmentationContractOptions options, long epoch) =>
    [
        .. Enumerable.Range(0, options.Images).SelectMany(i =>
            Apply(augmentation, layout, images.AsSpan(i * layout.Count, layout.Count), options.Key.Derive(i), epoch)),
    ];

    private static void CheckPurity(ImageAugmentation augmentation, ImageLayout layout, byte[] images, AugmentationContractOptions options)
    {
        for (int i = 0; i < options.Images; i++)
        {
            RandomKey key = options.Key.Derive(i);
            byte[] image = images[(i * layout.Count)..((i + 1) * layout.Count)];
            float[] expected = Apply(augmentation, layout, image, key, 1);
            Apply(augmentation, layout, image, key.Derive("other"), 2);
            Expect.SameBits(expected, Apply(augmentation, layout, image, key, 1), $"image {i}, augmented again after another one");
            Expect.SameBits(
                expected, Apply(augmentation, layout, image, key, 1, scratch: 9), $"image {i} with other numbers in the scratch");
            Expect.SameBits(expected, Apply(augmentation with { }, layout, image, key, 1), $"image {i} by an equal augmentation");
        }
        float[] all = ApplyAll(augmentation, layout, images, options, 3);
        Concurrently.ExpectSame(
            all, () => ApplyAll(augmentation, layout, images, options, 3), (expected, found) => Expect.SameBits(
                expected, found, "the images"));
    }

    private static void CheckOrders(ImageAugmentation augmentation, ImageLayout layout, byte[] images, AugmentationContractOptions options)
    {
        ImageLayout planar = layout with { Order = PixelOrder.Planar };
        byte[] turned = new byte[images.Length];
        for (int i = 0; i < images.Length; i++)
            turned[PlanarIndex(i, layout)] = images[i];
        for (long epoch = 0; epoch < Epochs; epoch++)
        {
            float[] expected = ApplyAll(augmentation, layout, images, options, epoch), found = ApplyAll(
                augmentation, planar, turned, options, epoch);
            double[] back = [.. Enumerable.Range(0, images.Length).Select(i => (double)found[PlanarIndex(i, layout)])];
            Expect.Near<float>(back, expected, Tolerance, "the pixels with channels last, as those of planar images");
        }
    }

    private static int PlanarIndex(int index, ImageLayout layout)
    {
        int image = index / layout.Count, rest = index % layout.Count;
        return (image * layout.Count) + (rest % layout.Channels * layout.Height * layout.Width) + (rest / layout.Channels);
    }

    private static void CheckFloat(ImageAugmentation augmentation, ImageLayout layout, byte[] images, AugmentationContractOptions options)
    {
        double[] image = [.. images.Take(layout.Count).Select(value => (double)value)];
        augmentation.Apply<double>(new AugmentationContext(layout, 1, options.Key), image, new double[layout.Count]);
        Expect.Near<float>(
            image, Apply(augmentation, layout, images.AsSpan(0, layout.Count), options.Key, 1), Tolerance, "an image at float");
    }

    private static void CheckLoader(ImageAugmentation augmentation, ImageLayout layout, byte[] images, AugmentationContractOptions options)
    {
        var dataset = new ByteDataset(images, null, new DatasetDescription(new Shape(layout.Height, layout.Width, layout.Channels)));
        var loading = new BatchLoaderOptions { Augmentation = augmentation, Normalization = Normalization.PerFeature(dataset) };
        float[] expected = Load(options.Images, null, 0);
        Expect.SameBits(expected, Load(7, null, 0), "two epochs in smaller batches");
        Expect.SameBits(expected, Concurrently.OnAnotherThread(() => Load(7, null, 0)), "two epochs on another thread");
        foreach (int threads in options.Threads)
        {
            using var workers = new WorkerPool(threads);
            Expect.SameBits(expected, Load(options.Images, workers, 0), $"two epochs on {threads} threads");
            Expect.SameBits(expected, Load(7, workers, 3), $"two epochs in smaller batches on {threads} threads, three of them ahead");
        }

        float[] Load(int batchSize, WorkerPool? workers, int ahead)
        {
            var all = new List<float>();
            using var loader = new BatchLoader<float>(dataset, batchSize, options.Key, loading with { Prefetch = ahead }, workers);
            for (int i = 0; i < 2 * loader.BatchesPerEpoch; i++)
                all.AddRange(loader.Next().FeatureView.AsSpan());
            return [.. all];
        }
    }
}
