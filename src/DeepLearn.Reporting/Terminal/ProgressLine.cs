using DeepLearn.Reporting.Tables;

namespace DeepLearn.Reporting.Terminal;

/// <summary>
/// The progress of one task, with its rate and the time left. Dispose of it when the task is done. One thread at a time uses it.
/// </summary>
public abstract class ProgressLine : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _start;
    private double _first;

    /// <summary>Makes a line that begins now.</summary>
    /// <param name="title">The name of the task.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="total">The total; 0 if it is not known.</param>
    /// <param name="clock">Tells the time that has passed; null, the default, for the system's clock.</param>
    protected ProgressLine(string title, string unit, double total, TimeProvider? clock = null)
    {
        _clock = clock ?? TimeProvider.System;
        _start = _clock.GetTimestamp();
        Title = title;
        Unit = unit;
        Total = total;
    }

    /// <summary>The name of the task.</summary>
    public string Title { get; }

    /// <summary>What is counted.</summary>
    public string Unit { get; }

    /// <summary>The total; 0 if it is not known.</summary>
    public double Total { get; }

    /// <summary>How many are done.</summary>
    public double Done { get; private set; }

    /// <summary>Further text; may be empty.</summary>
    public string Note { get; private set; } = "";

    /// <summary>The time since it began.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    /// <summary>The rate, the time left and the note, as in <c>950 steps/s, 4 s left, loss 1.62</c>.</summary>
    public string Detail
    {
        get
        {
            double seconds = Elapsed.TotalSeconds, made = Done - _first;
            if (made <= 0 || seconds <= 0)
                return Note;
            double rate = made / seconds;
            string speed = rate switch
            {
                >= 10 => Format.Text($"{rate:n0} {Unit}/s"),
                >= 0.5 => Format.Text($"{rate:f1} {Unit}/s"),
                _ => Format.Text($"{60 * rate:f1} {Unit}/min"),
            };
            // A training that a callback is to end may have more steps than time has seconds.
            double wait = (Total - Done) / rate;
            string left = wait > 0 && wait < TimeSpan.MaxValue.TotalSeconds ? $", {Format.Duration(TimeSpan.FromSeconds(wait))} left" : "";
            return speed + left + (Note.Length > 0 ? $", {Note}" : "");
        }
    }

    /// <summary>Sets how many were done before it began, which do not count toward the rate. It is shown with the next report.</summary>
    /// <param name="done">How many.</param>
    /// <param name="note">Further text; null, the default, keeps the last one.</param>
    public void BeginAt(double done, string? note = null)
    {
        Done = _first = done;
        Note = note ?? Note;
    }

    /// <summary>Sets how far it is.</summary>
    /// <param name="done">How many are done.</param>
    /// <param name="note">Further text; null keeps the last one.</param>
    public void Report(double done, string? note = null)
    {
        Done = done;
        Note = note ?? Note;
        Changed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Finished();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called after each report.</summary>
    protected abstract void Changed();

    /// <summary>Called at the end.</summary>
    protected abstract void Finished();
}
