using System.Globalization;
using System.Text;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Formats a Markdown table so that its source is aligned too.</summary>
/// <param name="columns">The headings with their widths; a column with a negative width is aligned to the left.</param>
internal sealed class MarkdownTable(params (string Heading, int Width)[] columns)
{
    /// <summary>The heading and the line below it.</summary>
    public string Head =>
        Row([.. columns.Select(column => column.Heading)]) + "\n|"
        + string.Concat(columns.Select(column => column.Width < 0
            ? $" {new string('-', Math.Max(-column.Width, column.Heading.Length))} |"
            : $" {new string('-', Math.Max(column.Width, column.Heading.Length) - 1)}: |"));

    /// <summary>One row.</summary>
    public string Row(params IReadOnlyList<string> cells)
    {
        var line = new StringBuilder("|");
        for (int i = 0; i < columns.Length; i++)
        {
            int width = Math.Max(Math.Abs(columns[i].Width), columns[i].Heading.Length);
            line.Append(' ').Append(columns[i].Width < 0 ? cells[i].PadRight(width) : cells[i].PadLeft(width)).Append(" |");
        }
        return line.ToString();
    }

    /// <summary>A number with the given number of decimals; a dash for NaN.</summary>
    public static string Number(double value, int decimals) =>
        double.IsNaN(value) ? "-" : value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A ratio with two decimals; one decimal from 10 on, none from 100 on.</summary>
    public static string Ratio(double value) => Number(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);

    /// <summary>A share in percent.</summary>
    public static string Percent(double value, int decimals = 0) => double.IsNaN(value) ? "-" : Number(value * 100, decimals) + " %";
}
