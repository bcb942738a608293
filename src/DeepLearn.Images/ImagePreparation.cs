using System.Text;
using System.Text.Json;
using DeepLearn.Data;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Images;

/// <summary>
/// How an image file becomes an example: size, proportions, channels. An immutable value, which is the same for training and prediction:
/// a trainer puts it onto the card of its model, and <see cref="Of"/> finds it there.
/// </summary>
/// <remarks>
/// PNG and JPEG are read, with 8 bits a channel (16 are cut to 8). A photograph is turned upright as its Exif orientation says.
/// Transparency is passed over: a pixel has the color that the file gives it. An image is resized with a triangle filter as wide as the
/// distance between its new pixels (bilinear where it grows, area-like where it shrinks), in whole numbers: the bytes are those of Pillow's
/// <c>BILINEAR</c>, and the same on every machine.
/// </remarks>
/// <example><code>
/// var preparation = new ImagePreparation(64, 64);
/// ImageDataset images = ImageFolder.Load("flowers/train", preparation);
/// // Later, for one image:
/// ImageDataset one = preparation.Load("photo.png");
/// </code></example>
public sealed record ImagePreparation : ExamplePreparation
{
    private const string Format = "deeplearn.images.1";
    private const string TextKey = "image preparation";
    private const int LargestSide = 16384;

    /// <summary>A preparation of images of one size.</summary>
    /// <param name="height">The rows of an example, from 1 to 16384.</param>
    /// <param name="width">The columns of an example, from 1 to 16384.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is out of range.</exception>
    public ImagePreparation(int height, int width)
    {
        Require(height, nameof(height));
        Require(width, nameof(width));
        Height = height;
        Width = width;
    }

    /// <summary>The rows of an example.</summary>
    public int Height { get; }

    /// <summary>The columns of an example.</summary>
    public int Width { get; }

    /// <summary>The channels. Default <see cref="ImageColor.Color"/>.</summary>
    public ImageColor Color { get; init => field = Defined(value); }

    /// <summary>How images of other proportions are fitted. Default <see cref="ImageFit.CenterCrop"/>.</summary>
    public ImageFit Fit { get; init => field = Defined(value); }

    /// <summary>The largest number of pixels of a file, at least 1; all are in memory while it is read. Default 100 million.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public long MostPixels
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MostPixels), $"A file may have at least 1 pixel; found {value}.");
    } = 100_000_000;

    /// <inheritdoc/>
    public override string Key => TextKey;

    /// <summary>The number of channels, 3 or 1.</summary>
    public int Channels => Color == ImageColor.Gray ? 1 : 3;

    /// <summary>The shape of an example, <c>[height, width, channels]</c>.</summary>
    public Shape ExampleShape => new(Height, Width, Channels);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, PNG or JPEG by its content, whatever its name.</param>
    /// <returns>The bytes of the example, <see cref="ExampleShape"/>, of the caller's own.</returns>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">The file is no PNG or JPEG, is damaged, or has too many pixels; the message names the file
    /// and what was found.</exception>
    public byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Prepare(File.ReadAllBytes(path), path);
    }

    /// <summary>Prepares the content of a file.</summary>
    /// <param name="file">The content, PNG or JPEG.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <returns>The bytes of the example, of the caller's own.</returns>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public byte[] Prepare(byte[] file, string name)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Pixels pixels = ImageDecoder.Decode(file, name, MostPixels).WithChannels(Channels);
        int top = 0, left = 0, height = pixels.Height, width = pixels.Width, toHeight = Height, toWidth = Width;
        if (Fit == ImageFit.CenterCrop)
        {
            // As many of the pixels as fit, at least one, rounded to nearest.
            height = (int)Math.Clamp(((2L * width * Height) + Width) / (2L * Width), 1, height);
            width = (int)Math.Clamp(((2L * height * Width) + Height) / (2L * Height), 1, width);
            (top, left) = ((pixels.Height - height) / 2, (pixels.Width - width) / 2);
        }
        else if (Fit == ImageFit.Pad)
        {
            toHeight = (int)Math.Clamp(((2L * height * Width) + width) / (2L * width), 1, Height);
            toWidth = (int)Math.Clamp(((2L * width * toHeight) + height) / (2L * height), 1, Width);
        }
        Pixels resized = Resizing.Resize(pixels.Crop(top, left, height, width), toHeight, toWidth);
        return resized.Centered(Height, Width).Bytes;
    }

    /// <summary>Reads files without labels, for prediction.</summary>
    /// <param name="paths">The files, in the order that the examples get.</param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public ImageDataset Load(params ReadOnlySpan<string> paths)
    {
        var bytes = new byte[paths.Length][];
        for (int i = 0; i < paths.Length; i++)
            bytes[i] = Read(paths[i]);
        return new(bytes, null, paths.ToArray(), [], new DatasetDescription(ExampleShape) { Preparation = this });
    }

    /// <summary>Whether another preparation makes the same bytes of a file.</summary>
    /// <param name="other">The other one.</param>
    public override bool MakesTheSame(ExamplePreparation other) =>
        other is ImagePreparation { MostPixels: var most } && Equals(this with { MostPixels = most }, other);

    /// <summary>What the images were prepared by that a model was trained on.</summary>
    /// <param name="card">The card of the model, which its file keeps.</param>
    /// <exception cref="InvalidDataException">The card has none, or a damaged one.</exception>
    /// <example><code>
    /// ImageDataset flowers = ImageFolder.Load("flowers/train", new ImagePreparation(64, 64));
    /// Model&lt;float&gt; model = new Dense(flowers.Classes).Build&lt;float&gt;(flowers.ExampleShape, seed: 1);
    /// using var trainer = new Trainer&lt;float&gt;(model, plan with { Normalization = Normalization.PerFeature(flowers) }, flowers);
    /// trainer.Run();
    ///
    /// var predictor = new Predictor&lt;float&gt;(model);
    /// ImageDataset photo = ImagePreparation.Of(predictor.Card).Load("photo.png");
    /// Console.WriteLine(predictor.Predict(photo)[0]);
    /// </code></example>
    public static ImagePreparation Of(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.TextOf(TextKey) is { } json
            ? FromJson(json)
            : throw new InvalidDataException(
                $"The card of a model of images has a text '{TextKey}'; found none. A trainer writes it there.");
    }

    /// <inheritdoc/>
    public override string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("height", Height);
            json.WriteNumber("width", Width);
            json.WriteString("color", Color.ToString());
            json.WriteString("fit", Fit.ToString());
            json.WriteNumber("mostPixels", MostPixels);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text is something else; the message says what was expected.</exception>
    public static ImagePreparation FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetString() is var format && format != Format)
                throw new InvalidDataException($"The preparation of images has the format '{Format}'; found '{format}'.");
            return new(root.GetProperty("height").GetInt32(), root.GetProperty("width").GetInt32())
            {
                Color = Choice<ImageColor>(root.GetProperty("color")),
                Fit = Choice<ImageFit>(root.GetProperty("fit")),
                MostPixels = root.GetProperty("mostPixels").GetInt64(),
            };
        }
        catch (Exception exception) when (
            exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"The preparation of images is JSON as its ToJson writes it: {exception.Message}", exception);
        }
    }

    private static TEnum Defined<TEnum>(TEnum value)
        where TEnum : struct, Enum => Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), $"Expected one of {string.Join(", ", Enum.GetNames<TEnum>())}; found {value}.");

    private static TEnum Choice<TEnum>(JsonElement text)
        where TEnum : struct, Enum =>
        Enum.GetNames<TEnum>().Contains(text.GetString())
            ? Enum.Parse<TEnum>(text.GetString()!)
            : throw new InvalidDataException($"Expected one of {string.Join(", ", Enum.GetNames<TEnum>())}; found '{text.GetString()}'.");

    private static void Require(int side, string name)
    {
        if (side is < 1 or > LargestSide)
            throw new ArgumentOutOfRangeException(name, $"A side of an image is from 1 to {LargestSide}; found {side}.");
    }
}
