using System.Text;

namespace DeepLearn.Documentation.Tests;

/// <summary>A program of a page.</summary>
internal sealed class PageProgram(string page, int line)
{
    private readonly StringBuilder _source = new();
    private readonly List<string> _printed = [];

    public string Name => $"{page}, line {line}";

    public string Source => _source.ToString();

    public IReadOnlyList<string> Printed => _printed;

    // A compiler's message then names the page and the line in it.
    public void Add(int line, string block) => _source.AppendLine($"#line {line} \"{page}\"").AppendLine(block);

    public void Prints(string block) =>
        _printed.AddRange(block.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));
}
