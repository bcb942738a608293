namespace DeepLearn.Tools.Figures;

/// <summary>A figure cannot be made, or has no place.</summary>
internal sealed class FigureException(string message) : Exception(message);
