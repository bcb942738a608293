using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>The JSON of the reports: an array with one object per row and peer, names in camel case, an undefined number as null.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new ShortNumbers() },
    };

    /// <summary>The rows as JSON.</summary>
    public static string Serialize<TRow>(IEnumerable<TRow> rows) => JsonSerializer.Serialize(rows, Options);

    /// <summary>Reads rows from such JSON.</summary>
    public static IReadOnlyList<TRow> Read<TRow>(string json) =>
        JsonSerializer.Deserialize<TRow[]>(json, Options) ?? throw new JsonException("There are no rows.");

    /// <summary>Writes the rows to a file.</summary>
    public static void Write<TRow>(FileInfo file, IEnumerable<TRow> rows) => WriteWhole(file, Serialize(rows) + "\n");

    /// <summary>Writes a text to a file so that the file is either complete or as it was before.</summary>
    public static void WriteWhole(FileInfo file, string text)
    {
        file.Directory?.Create();
        string temporary = file.FullName + ".part";
        File.WriteAllText(temporary, text);
        File.Move(temporary, file.FullName, overwrite: true);
    }

    /// <summary>Writes five significant digits, more than a measurement has.</summary>
    private sealed class ShortNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (!double.IsFinite(value))
                writer.WriteNullValue();
            else
                writer.WriteNumberValue(double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
    }
}
