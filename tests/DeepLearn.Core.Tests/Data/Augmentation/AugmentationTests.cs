using DeepLearn.Data;
using DeepLearn.Data.Augmentation;
using DeepLearn.Foundation;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Data.Augmentation;

public class AugmentationTests
{
    private static readonly ImageLayout Tiny = new(2, 3, 2, PixelOrder.ChannelsLast);
    private static readonly ImageLayout TinyPlanar = new(2, 3, 2, PixelOrder.Planar);

    [Fact]
    public void HorizontalFlip_of_a_small_image_equals_a_drawing_by_hand()
    {
        float[] image = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60];
        Assert.Equal([3, 30, 2, 20, 1, 10, 6, 60, 5, 50, 4, 40], Apply(new HorizontalFlip(1), Tiny, image));
        float[] planar = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60];
        Assert.Equal([3, 2, 1, 6, 5, 4, 30, 20, 10, 60, 50, 40], Apply(new HorizontalFlip(1), TinyPlanar, planar));
    }

    [Property(MaxTest = 60)]
    public Property HorizontalFlip_applied_twice_restores_the_image() => ForImages((layout, image, _) =>
    {
        float[] once = Apply(new HorizontalFlip(1), layout, image);
        Assert.Equal(image, Apply(new HorizontalFlip(1), layout, once));
        Assert.Equal(image, Apply(new HorizontalFlip(0), layout, image));
        for (int y = 0; y < layout.Height; y++)
        {
            for (int x = 0; x < layout.Width; x++)
            {
                for (int channel = 0; channel < layout.Channels; channel++)
                    Assert.Equal(At(layout, image, y, x, channel), At(layout, once, y, layout.Width - 1 - x, channel));
            }
        }
    });

    [Property(MaxTest = 60)]
    public Property AlternatingFlip_shows_each_image_both_ways_in_two_epochs() => ForImages((layout, image, seed) =>
    {
        var flip = new AlternatingFlip();
        float[] mirrored = Apply(new HorizontalFlip(1), layout, image);
        float[] first = Apply(flip, layout, image, seed, epoch: 4), second = Apply(flip, layout, image, seed, epoch: 5);
        Assert.Equal(first, Apply(flip, layout, image, seed, epoch: 6));
        bool beginsMirrored = first.SequenceEqual(mirrored);
        Assert.Equal(beginsMirrored ? mirrored : image, first);
        Assert.Equal(Apply(new HorizontalFlip(1), layout, first), second);
    });

    [Property(MaxTest = 100)]
    public Property RandomShift_gives_a_window_of_the_padded_image() => ForImages((layout, image, seed) =>
    {
        int most = Math.Min(layout.Height, layout.Width) - 1;
        foreach (ShiftPadding padding in new[] { ShiftPadding.Zero, ShiftPadding.Reflection })
        {
            var shift = new RandomShift(most, padding) { Fill = -7 };
            shift.Check(layout);
            float[] found = Apply(shift, layout, image, seed);

            // Some window explains every element.
            bool isExplained = false;
            for (int down = -most; down <= most && !isExplained; down++)
            {
                for (int right = -most; right <= most && !isExplained; right++)
                    isExplained = found.SequenceEqual(Window(layout, image, down, right, padding, -7));
            }
            Assert.True(isExplained, $"{layout}, {padding}");
        }
    });

    [Fact]
    public void RandomShift_beyond_the_image_leaves_padding_alone()
    {
        float[] image = [.. Enumerable.Range(1, 12).Select(i => (float)i)];
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 200; seed++)
            seen.Add(string.Join(' ', Apply(new RandomShift(9), Tiny, image, seed)));
        Assert.Contains(string.Join(' ', new float[12]), seen);
    }

    [Fact]
    public void RandomShift_draws_every_distance_in_both_directions()
    {
        var layout = new ImageLayout(5, 5, 1, PixelOrder.Planar);
        var image = new float[25];
        image[12] = 1;
        var places = new HashSet<int>();
        for (ulong seed = 0; seed < 300; seed++)
            places.Add(Array.IndexOf(Apply(new RandomShift(2), layout, image, seed), 1f));
        Assert.Equal(25, places.Count);
    }

    [Property(MaxTest = 60)]
    public Property Cutout_fills_one_square_and_nothing_else() => ForImages((layout, image, seed) =>
    {
        int size = 1 + (int)(seed % 4);
        float[] found = Apply(new Cutout(size) { Fill = -1 }, layout, image, seed);
        (int y, int x)[] covered =
        [
            .. from y in Enumerable.Range(0, layout.Height) from x in Enumerable.Range(0, layout.Width)
               where At(layout, found, y, x, 0) == -1 select (y, x),
        ];
        int height = covered.Max(p => p.y) - covered.Min(p => p.y) + 1, width = covered.Max(p => p.x) - covered.Min(p => p.x) + 1;
        Assert.Equal(height * width, covered.Length);
        Assert.InRange(height, 1, size);
        Assert.InRange(width, 1, size);
        for (int y = 0; y < layout.Height; y++)
        {
            for (int x = 0; x < layout.Width; x++)
            {
                for (int channel = 0; channel < layout.Channels; channel++)
                    Assert.Equal(covered.Contains((y, x)) ? -1 : At(layout, image, y, x, channel), At(layout, found, y, x, channel));
            }
        }
    });

    [Property(MaxTest = 60)]
    public Property BrightnessAndContrastJitter_use_one_factor_for_all_pixels() => ForImages((layout, image, seed) =>
    {
        float[] bright = Apply(new BrightnessJitter(0.5) { Maximum = 1000 }, layout, image, seed);
        float[] contrast = Apply(new ContrastJitter(0.5) { Maximum = 1000 }, layout, image, seed);
        double mean = image.Average(x => (double)x);
        int most = Array.IndexOf(image, image.Max());
        double factor = bright[most] / (double)image[most];
        Assert.InRange(factor, 0.5, 1.5);

        // However near the mean the brightest pixel is, the others are then no farther from it than the number of pixels times that.
        double stretch = image[most] > mean ? (contrast[most] - mean) / (image[most] - mean) : 1;
        Assert.InRange(stretch, 0.49, 1.51);
        for (int i = 0; i < image.Length; i++)
        {
            Assert.Equal(image[i] * factor, bright[i], 1e-3);
            double expected = Math.Max(0, mean + ((image[i] - mean) * stretch));
            Assert.Equal(expected, contrast[i], 1e-1);
        }
        Assert.All(Apply(new BrightnessJitter(1), layout, image, seed), x => Assert.InRange(x, 0, 255));
        Assert.All(Apply(new ContrastJitter(1), layout, image, seed), x => Assert.InRange(x, 0, 255));
        Assert.Equal(image, Apply(new BrightnessJitter(0), layout, image, seed));
    });

    public static TheoryData<ImageAugmentation> All =>
    [
        new HorizontalFlip(), new AlternatingFlip(), new RandomShift(2), new RandomShift(2, ShiftPadding.Reflection), new Cutout(3),
        new BrightnessJitter(0.3), new ContrastJitter(0.3), new AlternatingFlip().Then(new RandomShift(2)).Then(new Cutout(2)),
        new Composition([]),
    ];

    [Fact]
    public void Augmentations_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<ImageAugmentation>().Except(All.Select(row => row.Data.GetType())));

    /// <summary>The contract of every augmentation: add a row above.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Augmentation_keeps_the_contract(ImageAugmentation augmentation) =>
        AugmentationContract.Check(augmentation, new() { Images = 60 }).ThrowIfFailed();

    [Fact]
    public void Augmentations_with_options_out_of_range_are_refused()
    {
        Assert.Contains("Probability is from 0 to 1; found 1.5", Message(() => new HorizontalFlip(1.5)));
        Assert.Contains("Probability is from 0 to 1; found NaN", Message(() => new HorizontalFlip() with { Probability = double.NaN }));
        Assert.Contains("Maximum is from 0 to 16777216; found -1", Message(() => new RandomShift(-1)));
        Assert.Contains("Maximum is from 0 to 16777216; found 2147483647", Message(() => new RandomShift(int.MaxValue)));
        Assert.Contains("Zero or Reflection; found 7", Message(() => new RandomShift(1, (ShiftPadding)7)));
        Assert.Contains("Size is at least 1; found 0", Message(() => new Cutout(0)));
        Assert.Contains("Fill is finite", Message(() => new Cutout(1) { Fill = double.PositiveInfinity }));
        Assert.Contains("Amount is from 0 to 1; found 2", Message(() => new BrightnessJitter(2)));
        Assert.Contains("Amount is from 0 to 1; found -1", Message(() => new ContrastJitter(-1)));
        Assert.Contains("6x5 by at most 4 pixels; found 5", Message(() => new BatchLoader<float>(
            SmallData.Bytes(9, new DeepLearn.Tensors.Shape(6, 5, 3)), 1, RandomKey.FromSeed(1),
            new() { Augmentation = new Composition([new RandomShift(5, ShiftPadding.Reflection)]) })));
        Assert.Contains("found examples of shape [4]", Message(() => new BatchLoader<float>(
            SmallData.Bytes(9, 4), 1, RandomKey.FromSeed(1), new() { Augmentation = new HorizontalFlip() })));
    }

    private static string Message(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;

    private static Property ForImages(Action<ImageLayout, float[], ulong> check) => Prop.ForAll(
        (from height in Gen.Choose(1, 7)
         from width in Gen.Choose(1, 7)
         from channels in Gen.Choose(1, 3)
         from order in Gen.Elements(PixelOrder.ChannelsLast, PixelOrder.Planar)
         from seed in Gen.Choose(0, 100000)
         select (layout: new ImageLayout(height, width, channels, order), seed)).ToArbitrary(),
        test =>
        {
            RandomStream random = RandomKey.FromSeed((ulong)test.seed).Derive("image").Open();
            var image = new float[test.layout.Count];
            for (int i = 0; i < image.Length; i++)
                image[i] = 1 + random.NextIndex(255);
            check(test.layout, image, (ulong)test.seed);
        });

    private static float[] Apply(ImageAugmentation augmentation, ImageLayout layout, float[] image, ulong seed = 1, long epoch = 0)
    {
        float[] copy = [.. image];
        var scratch = new float[image.Length];
        scratch.AsSpan().Fill(float.NaN);
        augmentation.Apply<float>(new AugmentationContext(layout, epoch, RandomKey.FromSeed(seed)), copy, scratch);
        return copy;
    }

    private static float At(ImageLayout layout, float[] image, int y, int x, int channel) =>
        image[(y * layout.RowStride) + (x * layout.ColumnStride) + (channel * layout.ChannelStride)];

    private static float[] Window(ImageLayout layout, float[] image, int down, int right, ShiftPadding padding, float fill)
    {
        var window = new float[image.Length];
        for (int y = 0; y < layout.Height; y++)
        {
            for (int x = 0; x < layout.Width; x++)
            {
                for (int channel = 0; channel < layout.Channels; channel++)
                {
                    int fromY = y - down, fromX = x - right;
                    if (padding == ShiftPadding.Reflection)
                        (fromY, fromX) = (Reflect(fromY, layout.Height), Reflect(fromX, layout.Width));
                    bool isInside = fromY >= 0 && fromY < layout.Height && fromX >= 0 && fromX < layout.Width;
                    window[(y * layout.RowStride) + (x * layout.ColumnStride) + (channel * layout.ChannelStride)] =
                        isInside ? At(layout, image, fromY, fromX, channel) : fill;
                }
            }
        }
        return window;
    }

    private static int Reflect(int index, int count) => index < 0 ? -index : index >= count ? (2 * count) - 2 - index : index;
}
