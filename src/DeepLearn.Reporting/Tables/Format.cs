using System.Globalization;

namespace DeepLearn.Reporting.Tables;

/// <summary>Writes numbers for tables and captions, the same on every machine.</summary>
public static class Format
{
    /// <summary>A fraction as a percentage with two decimals: <c>52.30 %</c>.</summary>
    /// <param name="fraction">The fraction; 1 is 100 %.</param>
    public static string Percent(double fraction) => Text($"{fraction * 100:f2} %");

    /// <summary>A whole number with its thousands apart: <c>49,000</c>.</summary>
    /// <param name="number">The number.</param>
    public static string Count(long number) => Text($"{number:n0}");

    /// <summary>Four significant digits: <c>0.002584</c>.</summary>
    /// <param name="number">The number.</param>
    public static string Significant(double number) => Text($"{number:g4}");

    /// <summary>Three significant digits with a power of ten: <c>1.85e-10</c>.</summary>
    /// <param name="number">The number.</param>
    public static string Scientific(double number) => number == 0 ? "0" : Text($"{number:0.00e-00}");

    /// <summary>Seconds with a sensible number of decimals: <c>0.82 s</c>, <c>12.3 s</c>.</summary>
    /// <param name="seconds">The number of seconds.</param>
    public static string Seconds(double seconds) => seconds < 10 ? Text($"{seconds:f2} s") : Text($"{seconds:f1} s");

    /// <summary>A duration to be read at a glance: <c>8 s</c>, <c>2 min 05 s</c>, <c>1 h 02 min</c>.</summary>
    /// <param name="duration">The duration.</param>
    public static string Duration(TimeSpan duration)
    {
        double seconds = Math.Ceiling(duration.TotalSeconds);
        if (seconds < 60)
            return Text($"{seconds:f0} s");
        return seconds < 3600
            ? Text($"{Math.Floor(seconds / 60):f0} min {seconds % 60:00} s")
            : Text($"{Math.Floor(seconds / 3600):f0} h {Math.Floor(seconds % 3600 / 60):00} min");
    }

    /// <summary>Text with numbers in it, in the invariant culture.</summary>
    /// <param name="text">The text.</param>
    public static string Text(FormattableString text) => FormattableString.Invariant(text);
}
