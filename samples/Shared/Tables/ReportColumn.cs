namespace DeepLearn.Samples.Reporting.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="IsNumeric">Whether it has numbers, which stand at its right.</param>
public sealed record ReportColumn(string Name, bool IsNumeric = true);
