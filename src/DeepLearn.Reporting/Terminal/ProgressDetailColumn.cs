using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DeepLearn.Reporting.Terminal;

/// <summary>The column with the rate, the time left and the note.</summary>
internal sealed class ProgressDetailColumn : ProgressColumn
{
    private readonly ConcurrentDictionary<int, ProgressLine> _lines = new();

    protected override bool NoWrap => true;

    public void Describe(ProgressTask task, ProgressLine line) => _lines[task.Id] = line;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(_lines.TryGetValue(task.Id, out ProgressLine? line) ? line.Detail : "");
}
