namespace DeepLearn.Reporting.Figures;

/// <summary>One part of a <see cref="Figure"/>: its content, without colors or formats. An immutable value.</summary>
/// <param name="Title">The text above it.</param>
public abstract record Panel(string Title)
{
    /// <summary>What the panel shows, in words: the alternative text on a page.</summary>
    public abstract string Description { get; }
}
