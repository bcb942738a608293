namespace DeepLearn.Reporting.Tables;

/// <summary>A column of a <see cref="ReportTable"/>. An immutable value.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumeric">Whether it has numbers, which are aligned to the right. Default true.</param>
public sealed record ReportColumn(string Name, bool IsNumeric = true);
