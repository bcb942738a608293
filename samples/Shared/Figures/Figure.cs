namespace DeepLearn.Samples.Reporting.Figures;

/// <summary>A figure: panels in rows.</summary>
/// <param name="Name">The name of its files, without extension.</param>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">How many panels stand side by side.</param>
/// <param name="Panels">The panels, row after row.</param>
public sealed record Figure(string Name, string Caption, int Columns, IReadOnlyList<Panel> Panels);
