using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepLearn.Layers;

namespace DeepLearn.Models.Specifications;

/// <summary>A network's specification as JSON, and back: the form in which a model's file keeps it.</summary>
/// <remarks>
/// The form is versioned and documented in the README of this folder. A later version of the library reads what an earlier one wrote, with
/// the same meaning. What is unknown in it is an error that names the place.
/// </remarks>
/// <example><code>
/// string json = network.ToJson();
/// Console.WriteLine(NetworkSpecification.FromJson(json) == network);    // prints True
/// </code></example>
public static class NetworkSpecification
{
    /// <summary>The version of the form that is written, and the latest that is read.</summary>
    public const int Version = 2;

    private const string Format = "deeplearn.network";
    private const string FormatKey = "format";
    private const string VersionKey = "version";
    private const string NetworkKey = "network";

    private static readonly JsonWriterOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = SpecificationWriter.DeepestJson };

    private static readonly JsonDocumentOptions Strict =
        new() { MaxDepth = SpecificationWriter.DeepestJson, AllowDuplicateProperties = false };

    /// <summary>The specification as JSON.</summary>
    /// <param name="network">The network: a <see cref="Sequential"/>, or any one layer.</param>
    /// <param name="formats">The kinds of layers that have a written form; null for the library's own.</param>
    /// <exception cref="ArgumentException">
    /// A layer or an initializer has no written form, which the message says how to give; or its form does not give the same value back.
    /// </exception>
    public static string ToJson(this Layer network, SpecificationFormats? formats = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        formats ??= SpecificationFormats.Library;
        string json = Write(formats, to => to.Write(FormatKey, Format).Write(VersionKey, Version).Write(NetworkKey, network));

        // A form that forgets an option is found when something is saved, not when it is needed.
        Layer read = FromJson(json, formats);
        return read.Equals(network)
            ? json
            : throw new ArgumentException(
                "A written form gives back the value that was written; "
                    + SpecificationDifference.Describe(network, read, (a, b) => a.Equals(b))
                + ". Each option is written and read, and the record's equality compares what it holds.",
                nameof(network));
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <param name="formats">The kinds of layers that have a written form; null for the library's own.</param>
    /// <exception cref="InvalidDataException">
    /// The text is not of the form, of a later version, or has something unknown; the message names the place.
    /// </exception>
    public static Layer FromJson(string json, SpecificationFormats? formats = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Read(json, "The specification", formats ?? SpecificationFormats.Library);
    }

    internal static Layer Read(string json, string source, SpecificationFormats formats) =>
        Read(json, source, formats, Format, Version, root => root.Layer(NetworkKey));

    /// <summary>The specification without its initializers, which a model that has its weights does not need.</summary>
    internal static string WithoutInitializers(Layer network, SpecificationFormats formats) =>
        Write(formats.IgnoringInitializers, to => to.Write(NetworkKey, network));

    /// <summary>Reads an object that has a format and a version.</summary>
    internal static TValue Read<TValue>(
        string json, string source, SpecificationFormats formats, string format, int version, Func<SpecificationReader, TValue> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = new SpecificationReader(document.RootElement, source, "$", formats);
            return root.Making(from =>
            {
                if (from.Text(FormatKey) is var foundFormat && foundFormat != format)
                    throw new InvalidDataException($"{source}, $.{FormatKey}: expected \"{format}\"; found \"{foundFormat}\".");
                if (from.Integer(VersionKey) is var found && (found < 1 || found > version))
                {
                    throw new InvalidDataException(
                        $"{source}, $.{VersionKey}: expected 1 to {version}; found {found}. A later version of the library reads it, if "
                        + "one wrote it.");
                }
                from.Version = from.Integer(VersionKey);
                return read(from);
            });
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{source} is not the JSON that it should be: {exception.Message}", exception);
        }
    }

    /// <summary>Writes an object that has a format and a version.</summary>
    internal static string Write(string format, int version, Action<SpecificationWriter> write) => Write(
        SpecificationFormats.Library, to => write(to.Write(FormatKey, format).Write(VersionKey, version)));

    private static string Write(SpecificationFormats formats, Action<SpecificationWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Compact))
        {
            json.WriteStartObject();
            write(new(json, formats));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
