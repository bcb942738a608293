using System.Diagnostics;
using System.Globalization;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Search;

namespace DeepLearn.Samples.HyperparameterSearch;

/// <summary>Processes of this program that share a search, with a line on the terminal for each.</summary>
internal static class WorkerProcesses
{
    /// <summary>Starts the processes and waits for them.</summary>
    /// <param name="arguments">The arguments of this process, which are theirs too.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="trials">The trials of the whole search.</param>
    /// <param name="terminal">Where the lines go.</param>
    /// <param name="stop">Stops them.</param>
    public static void Run(string[] arguments, int count, int trials, ReportTerminal terminal, CancellationToken stop) =>
        terminal.Follow(board =>
        {
            using ProgressLine whole = board.Add("Search", "trials", trials);
            var workers = new List<Worker>();
            try
            {
                for (int i = 0; i < count; i++)
                    workers.Add(new Worker(arguments, i, count, board, whole));
                using CancellationTokenRegistration registration = stop.Register(() => workers.ForEach(worker => worker.Stop()));
                workers.ForEach(worker => worker.Wait());
            }
            finally
            {
                workers.ForEach(worker => worker.Dispose());
            }
            if (!stop.IsCancellationRequested && workers.Find(worker => worker.Error is not null) is { } failed)
                throw new SampleException(failed.Error!);
            return true;
        });

    private sealed class Worker : IDisposable
    {
        private static readonly Lock Turn = new();
        private static double _done;
        private static double _best = double.NaN;
        private static bool _hasBegun;

        private readonly Process _process;
        private readonly ProgressLine _line;
        private readonly ProgressLine _whole;
        private readonly List<string> _errors = [];
        private int _own;

        public Worker(string[] arguments, int number, int count, IProgressBoard board, ProgressLine whole)
        {
            _whole = whole;
            _line = board.Add(Format.Text($"  worker {number + 1}"), "trials", 0, isDetail: true);
            var start = new ProcessStartInfo(Environment.ProcessPath!)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };

            // Where a host runs the program, its first argument is the program.
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(typeof(WorkerProcesses).Assembly.Location);
            foreach (string argument in arguments)
                start.ArgumentList.Add(argument);
            start.ArgumentList.Add("--worker");
            start.ArgumentList.Add(number.ToString(CultureInfo.InvariantCulture));

            // Each has its share of the processors.
            start.Environment["DOTNET_PROCESSOR_COUNT"] =
                Math.Max(1, Environment.ProcessorCount / count).ToString(CultureInfo.InvariantCulture);
            _process = new Process { StartInfo = start };
            _process.OutputDataReceived += (_, line) => Hear(line.Data);
            _process.ErrorDataReceived += (_, line) => Complain(line.Data);
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        /// <summary>What went wrong; null if nothing did.</summary>
        public string? Error
        {
            get
            {
                string reason = _errors.Count == 0 ? "it was killed; the same command goes on" : _errors[0];
                return _process.ExitCode == 0 ? null : $"A worker ended with exit code {_process.ExitCode}: {reason}";
            }
        }

        public void Wait() => _process.WaitForExit();

        /// <summary>Ends the process: its trial under way is run again, and nothing else is lost.</summary>
        public void Stop()
        {
            if (!_process.HasExited)
                _process.Kill();
        }

        public void Dispose()
        {
            Stop();
            _process.WaitForExit();
            _line.Dispose();
        }

        private void Hear(string? text)
        {
            if (text?.Split('\t') is not [{ } kind, { } finished, { } number, { } score])
                return;
            lock (Turn)
            {
                _done = Math.Max(_done, double.Parse(finished, CultureInfo.InvariantCulture));
                if (double.TryParse(score, CultureInfo.InvariantCulture, out double value) && !double.IsNaN(value))
                    _best = double.IsNaN(_best) ? value : Math.Max(_best, value);
                if (kind == nameof(SearchProgressKind.Finished))
                    _own++;
                if (kind is nameof(SearchProgressKind.Finished) or nameof(SearchProgressKind.Started))
                    _line.Report(_own, kind == nameof(SearchProgressKind.Started) ? $"trial {number}" : "");
                string note = double.IsNaN(_best) ? "" : $"best {Format.Percent(_best)}";

                // Trials of an earlier run come one after the other: how many there were is known when the first new one begins.
                _hasBegun |= kind != nameof(SearchProgressKind.Resumed);
                if (_hasBegun)
                    _whole.Report(_done, note);
                else
                    _whole.BeginAt(_done, note);
            }
        }

        private void Complain(string? text)
        {
            if (text is null)
                return;
            lock (_errors)
                _errors.Add(text);
        }
    }
}
