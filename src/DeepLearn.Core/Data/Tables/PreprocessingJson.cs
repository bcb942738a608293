using System.Text;
using System.Text.Json;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Tables;

/// <summary>A <see cref="Preprocessing"/> as JSON, and back.</summary>
internal static class PreprocessingJson
{
    private const string Format = "deeplearn.preprocessing.1";

    public static string Write(Preprocessing value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("missingValues", value.MissingValues.ToString());
            json.WriteString("unknownCategories", value.UnknownCategories.ToString());
            if (value.LabelColumn is not null)
                json.WriteString("label", value.LabelColumn);
            Write(json, "classes", value.ClassNames);
            Write(json, "targets", value.TargetColumns);
            json.WriteStartArray("columns");
            foreach (ColumnPreparation column in value.Columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                if (column.IsCategorical)
                {
                    Write(json, "categories", column.Categories);
                    json.WriteString("encoding", column.Encoding.ToString());
                }
                if (!double.IsNaN(column.Replacement))
                    json.WriteNumber("replacement", column.Replacement);
                json.WriteNumber("mean", column.Mean);
                json.WriteNumber("standardDeviation", column.StandardDeviation);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static Preprocessing Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetString() is var format && format != Format)
                throw new InvalidDataException($"A preprocessing has the format '{Format}'; found '{format}'.");
            var columns = new List<ColumnPreparation>();
            foreach (JsonElement column in root.GetProperty("columns").EnumerateArray())
                columns.Add(ReadColumn(column));
            return new()
            {
                Columns = ValueList.Create<ColumnPreparation>([.. columns]),
                LabelColumn = root.TryGetProperty("label", out JsonElement label) ? label.GetString() : null,
                ClassNames = Texts(root.GetProperty("classes")),
                TargetColumns = Texts(root.GetProperty("targets")),
                MissingValues = Choice<MissingValues>(root.GetProperty("missingValues")),
                UnknownCategories = Choice<UnknownCategories>(root.GetProperty("unknownCategories")),
            };
        }
        catch (Exception exception) when (
            exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"A preprocessing is JSON as its ToJson writes it: {exception.Message}", exception);
        }
    }

    private static ColumnPreparation ReadColumn(JsonElement column)
    {
        bool isCategorical = column.TryGetProperty("categories", out JsonElement categories);
        double replacement = column.TryGetProperty("replacement", out JsonElement found) ? found.GetDouble() : double.NaN;
        double deviation = column.GetProperty("standardDeviation").GetDouble();
        var preparation = new ColumnPreparation
        {
            Name = column.GetProperty("name").GetString() ?? throw new InvalidDataException("A column has a name; found none."),
            IsCategorical = isCategorical,
            Categories = isCategorical ? Texts(categories) : ValueList<string>.Empty,
            Encoding = isCategorical ? Choice<CategoryEncoding>(column.GetProperty("encoding")) : default,
            Replacement = replacement,
            Mean = column.GetProperty("mean").GetDouble(),
            StandardDeviation = deviation,
        };
        bool isPosition = !isCategorical || double.IsNaN(replacement)
            || (replacement >= 0 && replacement < preparation.Categories.Count && double.IsInteger(replacement));
        if (!isPosition || !(deviation > 0) || !double.IsFinite(deviation))
        {
            throw new InvalidDataException(
                $"The column {preparation.Name} has a replacement among its categories and a standard deviation above 0; found "
                + $"{replacement} and {deviation}.");
        }
        return preparation;
    }

    private static void Write(Utf8JsonWriter json, string name, ValueList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static ValueList<string> Texts(JsonElement array) => ValueList.Create<string>(
        [.. array.EnumerateArray().Select(text => text.GetString() ?? throw new InvalidDataException("A name is a text; found null."))]);

    private static TEnum Choice<TEnum>(JsonElement text)
        where TEnum : struct, Enum =>
        Enum.TryParse(text.GetString(), out TEnum value) && Enum.IsDefined(value)
            ? value
            : throw new InvalidDataException($"Expected one of {string.Join(", ", Enum.GetNames<TEnum>())}; found '{text.GetString()}'.");
}
