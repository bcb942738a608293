using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace DeepLearn.Documentation.Tests;

/// <summary>A program of a page.</summary>
internal sealed partial class PageProgram(string page, int line)
{
    private readonly StringBuilder _usings = new();
    private readonly StringBuilder _source = new();
    private readonly StringBuilder _asWritten = new();
    private readonly List<string> _printed = [];
    private readonly List<(string Path, string Body, string Answer)> _answers = [];

    public string Name => $"{page}, line {line}";

    public string Source => _usings.ToString() + _source;

    public IReadOnlyList<string> Printed => _printed;

    /// <summary>Whether its blocks, one below the other, have a `using` line or a statement where C# has none any more.</summary>
    public bool MustBeArranged =>
        CSharpSyntaxTree.ParseText(_asWritten.ToString()).GetDiagnostics().Any(fault => fault.Id is "CS1529" or "CS8803");

    /// <summary>Whether it is a web server, which does not end by itself.</summary>
    public bool IsServer { get; init; }

    /// <summary>Whether it is a part of a program, which is compiled and not run.</summary>
    public bool IsFragment { get; init; }

    /// <summary>What a server is asked, and what it answers.</summary>
    public IReadOnlyList<(string Path, string Body, string Answer)> Answered => _answers;

    // A compiler's message then names the page and the line in it.
    public void Add(int line, string block)
    {
        _asWritten.AppendLine(block);
        foreach (Match directive in UsingDirective().Matches(block))
            _usings.AppendLine(directive.Value);
        _source.AppendLine($"#line {line} \"{page}\"").AppendLine(UsingDirective().Replace(block, ""));
    }

    /// <summary>Takes a command as <c>curl -d 'BODY' ... http://localhost:PORT/PATH</c>, and the answer.</summary>
    public void Answers(string command, string answer)
    {
        Match asked = Command().Match(command);
        if (!asked.Success)
            throw new InvalidDataException($"{Name}: expected a command curl -d '...' http://localhost:PORT/...; found: {command}");
        _answers.Add((asked.Groups["path"].Value, asked.Groups["body"].Value, answer.Trim()));
    }

    public void Prints(string block) =>
        _printed.AddRange(block.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries));

    // A page names a package where it speaks of it; a program has these lines at its top.
    [GeneratedRegex("^curl -d '(?<body>[^']*)' .*http://localhost:[0-9]+(?<path>/\\S*)")]
    private static partial Regex Command();

    [GeneratedRegex(@"^using [A-Z][\w.]*;", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}
