using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DeepLearn.Reporting.Tables;

/// <summary>A table as a file for other programs.</summary>
internal static class TableFile
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n");

    /// <summary>Comma-separated, as RFC 4180 has it: a line of names, then a line for each row; lines end with CR LF.</summary>
    public static byte[] Csv(ReportTable table)
    {
        var text = new StringBuilder();
        Append(table.Columns.Select(column => column.Name));
        foreach (IReadOnlyList<string> row in table.Rows)
            Append(row);
        return Encoding.UTF8.GetBytes(text.ToString());
        void Append(IEnumerable<string> cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
    }

    /// <summary>An array with an object for each row. A cell of a numeric column is a number, or null where it is none.</summary>
    public static byte[] Json(ReportTable table)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new() { Indented = true });
        json.WriteStartArray();
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            json.WriteStartObject();
            for (int i = 0; i < row.Count; i++)
                Write(json, table.Columns[i], row[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Cell(string text) =>
        text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static void Write(Utf8JsonWriter json, ReportColumn column, string text)
    {
        if (!column.IsNumeric)
            json.WriteString(column.Name, text);
        else if (double.TryParse(text, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            json.WriteNumber(column.Name, number);
        else
            json.WriteNull(column.Name);
    }
}
