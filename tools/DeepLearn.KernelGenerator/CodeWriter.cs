using System.Text;

namespace DeepLearn.KernelGenerator;

/// <summary>Writes lines of C#, indented by the blocks around them.</summary>
public sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>Writes one line, or the lines of a raw string. Each is indented; empty lines stay empty.</summary>
    /// <param name="lines">The text.</param>
    public CodeWriter Line(string lines = "")
    {
        foreach (string line in lines.Split('\n'))
            _text.Append(line.Length == 0 ? "" : new string(' ', 4 * _depth)).Append(line).Append('\n');
        return this;
    }

    /// <summary>Writes a head and a body in braces.</summary>
    /// <param name="head">The text before the braces.</param>
    /// <param name="body">Writes the body.</param>
    public CodeWriter Block(string head, Action body)
    {
        Line(head);
        Line("{");
        _depth++;
        body();
        _depth--;
        return Line("}");
    }

    /// <summary>Writes an <c>if</c> with one statement.</summary>
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
