using System.Collections.Concurrent;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Search;
using DeepLearn.Search.Trials;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>Shows a search on the terminal: a line for the whole, counted in steps, and one for each trial under way.</summary>
/// <param name="board">Where the lines go.</param>
/// <param name="terminal">Told of trials that an earlier run has done.</param>
/// <param name="totalSteps">The steps of the whole search.</param>
/// <param name="stepsOf">The steps of a trial.</param>
internal sealed class SearchBoard(IProgressBoard board, ReportTerminal terminal, long totalSteps, Func<Trial, long> stepsOf)
    : IProgress<SearchProgress>, IDisposable
{
    private readonly ProgressLine _whole = board.Add("Search", "steps", totalSteps);
    private readonly ConcurrentDictionary<(int Stage, int Number), TrialLine> _lines = [];
    private readonly Lock _lock = new();
    private long _steps;
    private bool _hasResumed;
    private double _best;

    /// <summary>The line of a trial under way, which is there from its beginning to its end.</summary>
    public TrialLine LineOf(Trial trial) => _lines[(trial.Stage, trial.Number)];

    public void Report(SearchProgress value)
    {
        if (value.Kind == SearchProgressKind.Started)
            Add(value.Trial);
        if (value.Kind == SearchProgressKind.Finished && _lines.TryRemove((value.Trial.Stage, value.Trial.Number), out TrialLine? line))
            line.Dispose();
        if (value.Result is not { } result)
            return;
        lock (_lock)
        {
            if (result.State == TrialState.Completed)
                _best = Math.Max(_best, result.Score);
            if (value.Kind == SearchProgressKind.Resumed)
            {
                if (!_hasResumed)
                    terminal.Line("Going on from the journal of an earlier run.");
                _hasResumed = true;
                _whole.BeginAt(_steps += stepsOf(value.Trial));
            }
            _whole.Report(_steps, $"{value.FinishedTrials} of {value.TotalTrials} trials, best {Format.Percent(_best)}");
        }
    }

    public void Dispose()
    {
        foreach (TrialLine line in _lines.Values)
            line.Dispose();
        _whole.Dispose();
    }

    private void Add(Trial trial)
    {
        string title = $"  stage {trial.Stage + 1}, trial {trial.Number + 1}: lambda {Format.Significant(trial.Value("lambda"))}";
        _lines[(trial.Stage, trial.Number)] = new(this, trial, board.Add(title, "steps", stepsOf(trial), isDetail: true));
    }

    private void Advance(long steps)
    {
        lock (_lock)
            _whole.Report(_steps += steps);
    }

    /// <summary>The progress of one trial, which is part of the whole's.</summary>
    internal sealed class TrialLine(SearchBoard owner, Trial trial, ProgressLine line) : IDisposable
    {
        private long _done;

        public void Report(long steps)
        {
            line.Report(steps);
            owner.Advance(steps - _done);
            _done = steps;
        }

        public void Dispose()
        {
            // A trial that diverged has no more steps to make.
            owner.Advance(owner.StepsOf(trial) - _done);
            line.Dispose();
        }
    }

    private long StepsOf(Trial trial) => stepsOf(trial);
}
