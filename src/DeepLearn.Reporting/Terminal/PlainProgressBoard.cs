using DeepLearn.Reporting.Tables;

namespace DeepLearn.Reporting.Terminal;

/// <summary>Progress for a file or a pipe: a line of text now and then.</summary>
internal sealed class PlainProgressBoard(TextWriter output, TimeProvider clock) : IProgressBoard
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public ProgressLine Add(string title, string unit, double total, bool isDetail = false) =>
        new Line(title, unit, total, isDetail ? TextWriter.Null : output, clock);

    private sealed class Line(string title, string unit, double total, TextWriter output, TimeProvider clock)
        : ProgressLine(title, unit, total, clock)
    {
        private TimeSpan _next = FirstAfter;
        private bool _spoke;

        protected override void Changed()
        {
            if (Elapsed < _next)
                return;
            _next = Elapsed + Interval;
            _spoke = true;
            string howMany = Total > 0 ? Format.Text($"{Done:n0} of {Total:n0} {Unit}") : Format.Text($"{Done:n0} {Unit}");
            lock (output)
                output.WriteLine(Detail.Length > 0 ? $"{Title}: {howMany}, {Detail}" : $"{Title}: {howMany}");
        }

        protected override void Finished()
        {
            if (!_spoke || Done < Total)
                return;
            lock (output)
                output.WriteLine(Format.Text($"{Title}: {Done:n0} {Unit} in {Format.Seconds(Elapsed.TotalSeconds)}"));
        }
    }
}
