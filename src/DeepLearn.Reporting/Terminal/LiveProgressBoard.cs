using Spectre.Console;

namespace DeepLearn.Reporting.Terminal;

/// <summary>Progress for a terminal: bars that are redrawn in place.</summary>
internal sealed class LiveProgressBoard(ProgressContext context, ProgressDetailColumn details, TimeProvider clock) : IProgressBoard
{
    public ProgressLine Add(string title, string unit, double total, bool isDetail = false)
    {
        ProgressTask task = context.AddTask(Markup.Escape(title), autoStart: true, maxValue: total > 0 ? total : 1);
        task.IsIndeterminate = total <= 0;
        var line = new Line(title, unit, total, task, clock);
        details.Describe(task, line);
        return line;
    }

    private sealed class Line(string title, string unit, double total, ProgressTask task, TimeProvider clock)
        : ProgressLine(title, unit, total, clock)
    {
        protected override void Changed()
        {
            // A task that is full would be taken for finished, and hidden, before it is.
            if (Total > 0)
                task.Value = Math.Min(Done, Total * 0.9999);
        }

        protected override void Finished() => task.StopTask();
    }
}
