using DeepLearn.Data;
using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Images.Tests;

/// <summary>The images and arrays of the folder Images were written by Pillow, with the script that lies there.</summary>
public class ImagePreparationTests
{
    private const int Height = 21;
    private const int Width = 34;

    private static readonly ImagePreparation AsItIs = new(Height, Width) { Fit = ImageFit.Stretch };

    [Theory]
    [InlineData("color.png", "color-png.npy", 0)]
    [InlineData("interlaced.png", "color-png.npy", 0)]
    [InlineData("alpha.png", "alpha-png.npy", 0)]
    [InlineData("palette.png", "palette-png.npy", 0)]
    [InlineData("bits.png", "bits-png.npy", 0)]
    [InlineData("full.jpg", "full-jpg.npy", 3)]
    [InlineData("restart.jpg", "full-jpg.npy", 3)]
    [InlineData("half.jpg", "half-jpg.npy", 12)]
    [InlineData("progressive.jpg", "progressive-jpg.npy", 12)]
    public void ImagePreparation_reads_what_Pillow_reads(string image, string expected, int tolerance) =>
        Same(NpyFile.Read(In(expected)), AsItIs.Read(In(image)), tolerance);

    [Theory]
    [InlineData("color.png", 0)]
    [InlineData("gray.png", 0)]
    [InlineData("gray-alpha.png", 1)]
    [InlineData("gray.jpg", 3)]
    public void ImagePreparation_in_gray_reads_the_luma_that_Pillow_reads(string image, int tolerance) =>
        Same(NpyFile.Read(In("gray.npy")), (AsItIs with { Color = ImageColor.Gray }).Read(In(image)), tolerance);

    [Fact]
    public void ImagePreparation_cuts_16_bits_to_8_and_makes_color_of_gray()
    {
        byte[] bytes = AsItIs.Read(In("gray16.png"));
        for (int i = 0; i < Height * Width; i++)
        {
            byte expected = (byte)(((i % Width * 1900) + (i / Width)) >> 8);
            Assert.Equal([expected, expected, expected], bytes[(3 * i)..((3 * i) + 3)]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void ImagePreparation_turns_photographs_upright(int orientation)
    {
        NumericArray expected = NpyFile.Read(In($"orientation{orientation}.npy"));
        var preparation = new ImagePreparation(expected.Shape[0], expected.Shape[1]) { Fit = ImageFit.Stretch };
        Same(expected, preparation.Read(In($"orientation{orientation}.jpg")), 3);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(10, 34)]
    [InlineData(40, 13)]
    [InlineData(70, 90)]
    [InlineData(1, 1)]
    [InlineData(21, 33)]
    public void ImagePreparation_resizes_to_the_bytes_of_Pillow(int height, int width) =>
        Same(
            NpyFile.Read(In($"resized-{height}x{width}.npy")),
            new ImagePreparation(height, width) { Fit = ImageFit.Stretch }.Read(In("color.png")),
            tolerance: 0);

    /// <summary>Row by row, since in between it would be larger than both.</summary>
    [Theory]
    [InlineData(50, 3, 7, 20, 3)]
    [InlineData(9, 4, 8, 5, 1)]
    [InlineData(31, 1, 1, 9, 3)]
    [InlineData(10, 1, 9, 2, 1)]
    public void Resizing_of_an_image_that_becomes_wider_and_shorter_is_one_after_the_other(
        int fromHeight, int fromWidth, int height, int width, int channels)
    {
        var bytes = new byte[fromHeight * fromWidth * channels];
        new Random(5).NextBytes(bytes);
        var image = new Pixels(fromHeight, fromWidth, channels, bytes);
        Pixels expected = Resizing.Resize(Resizing.Resize(image, fromHeight, width), height, width);
        Assert.Equal(expected.Bytes, Resizing.Resize(image, height, width).Bytes);
    }

    [Fact]
    public void Resizing_of_a_strip_takes_no_more_memory_than_the_strip_and_the_image()
    {
        var strip = new Pixels(50_000, 1, 3, new byte[150_000]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Resizing.Resize(strip, 8, 1000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_000_000);
    }

    [Fact]
    public void ImagePreparation_crops_the_center_or_pads()
    {
        byte[] all = AsItIs.Read(In("color.png"));
        byte[] cropped = new ImagePreparation(Height, Height).Read(In("color.png"));
        byte[] padded = new ImagePreparation(Width, Width) { Fit = ImageFit.Pad }.Read(In("color.png"));
        for (int row = 0; row < Height; row++)
        {
            Assert.Equal(
                all[(((row * Width) + 6) * 3)..(((row * Width) + 6 + Height) * 3)], cropped[(row * Height * 3)..((row + 1) * Height * 3)]);
            Assert.Equal(all[(row * Width * 3)..((row + 1) * Width * 3)], padded[((row + 6) * Width * 3)..((row + 7) * Width * 3)]);
        }
        Assert.Equal(new byte[6 * Width * 3], padded[..(6 * Width * 3)]);
        Assert.Equal(new byte[7 * Width * 3], padded[(27 * Width * 3)..]);
        byte[] flat = new ImagePreparation(3, 500) { Color = ImageColor.Gray }.Read(In("color.png"));
        Assert.Equal(1500, flat.Length);
    }

    [Fact]
    public void ImagePreparation_is_a_value_that_is_saved_as_JSON()
    {
        ImagePreparation preparation = new(32, 48) { Color = ImageColor.Gray, Fit = ImageFit.Pad, MostPixels = 5000 };
        string json = preparation.ToJson();
        Assert.Equal(preparation, ImagePreparation.FromJson(json));
        foreach (string bad in new[] { "", "{}", json.Replace("Gray", "7"), json.Replace("32", "0"), "[1]" })
            Assert.Throws<InvalidDataException>(() => ImagePreparation.FromJson(bad));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImagePreparation(0, 5));
    }

    [Fact]
    public void ImagePreparation_loads_files_for_prediction()
    {
        ImageDataset images = AsItIs.Load(In("color.png"), In("gray.png"));
        Assert.Equal((2, 0, true), (images.Count, images.Classes, images.HoldsBytes));
        Assert.Equal(AsItIs.Read(In("gray.png")), images.Bytes(1).ToArray());
        Assert.Equal([In("color.png"), In("gray.png")], images.Paths);
    }

    [Theory]
    [InlineData(new byte[0], "found an empty file")]
    [InlineData(new[] { (byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'9' }, "found GIF")]
    [InlineData(new byte[] { (byte)'B', (byte)'M', 1, 2 }, "found BMP")]
    [InlineData(new byte[] { 1, 2, 3, 4 }, "found another file (0x01020304)")]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }, "x is cut short or damaged")]
    public void ImagePreparation_refuses_other_formats_by_their_names(byte[] content, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => AsItIs.Prepare(content, "x")).Message);

    [Fact]
    public void ImagePreparation_refuses_sizes_that_a_file_cannot_have_before_memory_is_taken()
    {
        byte[] png = File.ReadAllBytes(In("color.png")), jpeg = File.ReadAllBytes(In("full.jpg"));
        (png[16], png[20]) = (0x10, 0x10);
        int frame = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        (jpeg[frame + 5], jpeg[frame + 7]) = (0xFF, 0xFF);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("found 268435477x268435490", Assert.Throws<InvalidDataException>(() => AsItIs.Prepare(png, "x")).Message);
        Assert.Contains("found 65301x65314", Assert.Throws<InvalidDataException>(() => AsItIs.Prepare(jpeg, "x")).Message);
        (jpeg[frame + 5], jpeg[frame + 7]) = (0x20, 0x20);
        Assert.Contains(
            "x is cut short: it announces 8213x8226", Assert.Throws<InvalidDataException>(() => AsItIs.Prepare(jpeg, "x")).Message);
        png = File.ReadAllBytes(In("color.png"));
        png[png.AsSpan().IndexOf("IDAT"u8) - 4] = 0x3F;
        Assert.Contains("x is cut short: expected a chunk of", Assert.Throws<InvalidDataException>(() => AsItIs.Prepare(png, "x")).Message);
        byte[] headed = [.. png[..33], 0x3F, 0xFF, 0xFF, 0xFF, .. "IDAT"u8];
        Assert.Contains(
            "x is cut short: expected a chunk at byte 33", Assert.Throws<InvalidDataException>(() => AsItIs.Prepare(headed, "x")).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Contains(
            "expected an image of 1 to 700 pixels; found 21x34",
            Assert.Throws<InvalidDataException>(() => (AsItIs with { MostPixels = 700 }).Read(In("color.png"))).Message);
    }

    [Theory]
    [InlineData("color.png")]
    [InlineData("palette.png")]
    [InlineData("interlaced.png")]
    [InlineData("full.jpg")]
    [InlineData("progressive.jpg")]
    public void ImagePreparation_of_damaged_files_gives_an_image_or_an_error_with_its_name(string image)
    {
        byte[] whole = File.ReadAllBytes(In(image));
        var random = new Random(5);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = i < 200 ? [.. whole] : whole[..random.Next(whole.Length)];
            for (int j = 0; j < 3 && i < 200; j++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(AsItIs.ExampleShape.Count, AsItIs.Prepare(damaged, "the file").Length);
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("the file", exception.Message);
            }
        }
    }

    internal static string In(string name) => Path.Combine(AppContext.BaseDirectory, "Images", name);

    private static void Same(NumericArray expected, byte[] found, int tolerance)
    {
        ReadOnlySpan<byte> bytes = expected.AsSpan<byte>();
        Assert.Equal(bytes.Length, found.Length);
        int largest = 0;
        for (int i = 0; i < found.Length; i++)
            largest = Math.Max(largest, Math.Abs(found[i] - bytes[i]));
        Assert.InRange(largest, 0, tolerance);
    }
}
