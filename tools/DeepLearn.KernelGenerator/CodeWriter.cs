using System.Text;

namespace DeepLearn.KernelGenerator;

/// <summary>Lines of C#, indented by the blocks that they stand in.</summary>
public sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>One line, or several of a raw string, each indented by the blocks around; an empty line stays empty.</summary>
    /// <param name="lines">The text.</param>
    public CodeWriter Line(string lines = "")
    {
        foreach (string line in lines.Split('\n'))
            _text.Append(line.Length == 0 ? "" : new string(' ', 4 * _depth)).Append(line).Append('\n');
        return this;
    }

    /// <summary>A head, and what belongs to it in braces.</summary>
    /// <param name="head">What stands before the braces.</param>
    /// <param name="body">Writes what stands in them.</param>
    public CodeWriter Block(string head, Action body)
    {
        Line(head);
        Line("{");
        _depth++;
        body();
        _depth--;
        return Line("}");
    }

    /// <summary>A condition and the one statement that it governs.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="statement">The statement.</param>
    public CodeWriter If(string condition, string statement)
    {
        Line($"if ({condition})");
        _depth++;
        Line(statement);
        _depth--;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
