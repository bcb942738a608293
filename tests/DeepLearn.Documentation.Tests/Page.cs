using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace DeepLearn.Documentation.Tests;

/// <summary>
/// A page: its programs, with what each of them prints, and its links. All <c>csharp</c> blocks of a page are one program, in order, up
/// to a comment <c>new program</c>; a <c>text</c> block after the comment <c>prints</c> has lines that the program prints. A program
/// after <c>new program: a server</c> is asked what the <c>curl</c> commands below it ask, and answers what a <c>json</c> block after the
/// comment <c>answers</c> has. The one block after a comment <c>fragment</c> is compiled behind the code that the comment holds, and not
/// run; that after <c>not compiled: REASON</c> is text.
/// </summary>
internal sealed class Page
{
    private const string Fragment = "<!-- fragment";

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    private readonly MarkdownDocument _document;

    public Page(string path)
    {
        Path = path;
        _document = Markdown.Parse(File.ReadAllText(System.IO.Path.Combine(Repository.Root, path)), Pipeline);
    }

    public string Path { get; }

    public IEnumerable<string> Links =>
        _document.Descendants<LinkInline>().Select(link => link.Url ?? "").Where(url => url.Length > 0);

    public IEnumerable<string> Anchors =>
        _document.Descendants<HeadingBlock>()
            .Select(heading => Markdig.Renderers.Html.HtmlAttributesExtensions.GetAttributes(heading).Id ?? "");

    /// <summary>What stands in the text as code, between backquotes.</summary>
    public IEnumerable<string> Codes => _document.Descendants<CodeInline>().Select(code => code.Content);

    /// <summary>The programs, each with the line of its first block and the lines that it prints, and the fragments among them.</summary>
    public IEnumerable<PageProgram> Programs()
    {
        PageProgram? program = null;
        bool prints = false, answers = false, isServer = false, isText = false;
        string command = "";
        string? before = null;
        foreach (LeafBlock block in _document.Descendants<LeafBlock>())
        {
            if (block is HtmlBlock html)
            {
                string text = html.Lines.ToString();
                if (text.Contains("new program", StringComparison.Ordinal))
                {
                    isServer = text.Contains("a server", StringComparison.Ordinal);
                    if (program is not null)
                        yield return program;
                    program = null;
                }
                prints = text.Contains("prints", StringComparison.Ordinal);
                answers = text.Contains("answers", StringComparison.Ordinal);
                isText = text.Contains("<!-- not compiled: ", StringComparison.Ordinal);
                before = text.StartsWith(Fragment, StringComparison.Ordinal) ? text[Fragment.Length..text.LastIndexOf("-->")] : null;
            }
            else if (block is FencedCodeBlock { Info: "csharp" } code)
            {
                if (before is not null)
                {
                    var fragment = new PageProgram(Path, code.Line + 1) { IsFragment = true };
                    fragment.Add(code.Line + 1, before);
                    fragment.Add(code.Line + 2, code.Lines + "\n_ = 0;");    // One that declares types alone has a statement, too.
                    yield return fragment;
                }
                else if (!isText)
                {
                    program ??= new PageProgram(Path, code.Line + 1) { IsServer = isServer };
                    program.Add(code.Line + 2, code.Lines.ToString());
                }
                (isText, before) = (false, null);
            }
            else if (block is FencedCodeBlock { Info: "text" } output && prints && program is not null)
            {
                program.Prints(output.Lines.ToString());
                prints = false;
            }
            else if (block is FencedCodeBlock { Info: "sh" } shell)
            {
                command = shell.Lines.ToString();
            }
            else if (block is FencedCodeBlock { Info: "json" } answer && answers && program is not null)
            {
                program.Answers(command, answer.Lines.ToString());
                answers = false;
            }
        }
        if (program is not null)
            yield return program;
    }
}
