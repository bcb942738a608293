using System.Text;
using System.Text.RegularExpressions;

namespace DeepLearn.Documentation.Tests;

/// <summary>A program of a page.</summary>
internal sealed partial class PageProgram(string page, int line)
{
    private readonly StringBuilder _usings = new();
    private readonly StringBuilder _source = new();
    private readonly List<string> _printed = [];

    public string Name => $"{page}, line {line}";

    public string Source => _usings.ToString() + _source;

    public IReadOnlyList<string> Printed => _printed;

    // A compiler's message then names the page and the line in it.
    public void Add(int line, string block)
    {
        foreach (Match directive in UsingDirective().Matches(block))
            _usings.AppendLine(directive.Value);
        _source.AppendLine($"#line {line} \"{page}\"").AppendLine(UsingDirective().Replace(block, ""));
    }

    public void Prints(string block) =>
        _printed.AddRange(block.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));

    // A page names a package where it speaks of it; a program has these lines at its top.
    [GeneratedRegex(@"^using [A-Z][\w.]*;", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}
