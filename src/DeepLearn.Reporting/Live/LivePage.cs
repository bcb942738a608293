using System.Diagnostics;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Html;

namespace DeepLearn.Reporting.Live;

/// <summary>
/// Keeps a page up to date while work is under way: the file is written anew from time to time, whole, and a browser that shows it loads
/// it again by itself, until the work ends. It ends with <see cref="Dispose"/>, and with the process: by SIGINT, SIGTERM, an exit or an
/// exception that nobody handles. To be used from any thread.
/// </summary>
/// <remarks>
/// The page is written on a thread of its own, for at most a tenth of that thread's time. What goes wrong there stands in
/// <see cref="Error"/> and stops nothing.
/// </remarks>
internal sealed class LivePage : IDisposable
{
    private readonly string _path;
    private readonly Func<bool, HtmlReport> _make;
    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly ManualResetEventSlim _closing = new();
    private readonly List<IDisposable> _signals = [];
    private Thread? _writer;
    private int _changes;
    private volatile bool _isOver;
    private bool _isClosed;

    /// <summary>A page that is written once there is something to show.</summary>
    /// <param name="path">The file; missing folders are made.</param>
    /// <param name="make">Makes the page as things stand; told whether the work is under way.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    public LivePage(string path, Func<bool, HtmlReport> make)
    {
        (_path, _make) = (Path.GetFullPath(path), make);
        RequireWritable(_path);
    }

    /// <summary>Why the last page could not be written; null if it was.</summary>
    public string? Error { get; private set; }

    /// <summary>How long after one page the next is written and shown, above 0 and at most a day.</summary>
    public required TimeSpan Interval
    {
        get;
        set => field = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a time above 0 and of at most a day.");
    }

    /// <summary>Says that there is something new to show. The first one begins the writing.</summary>
    /// <param name="isOver">Whether it is the last one, so that browsers need not load the page again.</param>
    public void Change(bool isOver = false)
    {
        lock (_lock)
        {
            _changes++;
            _isOver |= isOver;
            if (_writer is null && !_isClosed)
                Begin();
        }
    }

    /// <summary>Writes the page as it is, for browsers not to load it again. A second call does nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
        }
        _closing.Set();
        _writer?.Join();
        End();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _signals.ForEach(signal => signal.Dispose());
    }

    // Before there is anything to write; what is there stays as it is.
    private static void RequireWritable(string path)
    {
        string reason = "it is a folder";
        try
        {
            if (!Directory.Exists(path))
            {
                PendingFile.Begin(path).Dispose();
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = exception.Message;
        }
        throw new IOException($"Expected a file that can be written; found \"{path}\": {reason}");
    }

    private void Begin()
    {
        // The runtime's own answer to these signals ends the process, without the finally blocks that would close the page.
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            _signals.Add(PosixSignalRegistration.Create(signal, _ => End()));
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        _writer = new Thread(WriteNowAndThen) { IsBackground = true, Name = "Live page" };
        _writer.Start();
    }

    private void OnExit(object? sender, EventArgs arguments) => End();

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs arguments) => End();

    // Whoever has the signal may let the work go on for a while: then pages are written all the same, none of them to be loaded again.
    private void End()
    {
        _isOver = true;
        if (Volatile.Read(ref _changes) > 0)
            Write();
    }

    private void WriteNowAndThen()
    {
        TimeSpan pause = TimeSpan.Zero;
        int written = 0;
        while (!_closing.Wait(pause))
        {
            pause = Interval;
            int changes = Volatile.Read(ref _changes);
            if (changes == written)
                continue;
            long begin = Stopwatch.GetTimestamp();
            Write();
            written = changes;

            // The longer a page takes, the rarer it is: the processors are the work's.
            pause = TimeSpan.FromTicks(Math.Max(pause.Ticks, 9 * Stopwatch.GetElapsedTime(begin).Ticks));
        }
    }

    // One at a time, and whether the work is over is asked within: the last page to be written knows it.
    private void Write()
    {
        lock (_writing)
        {
            try
            {
                HtmlReport page = _make(!_isOver);
                page.ReloadAfter = _isOver ? null : Interval;
                page.Save(_path);
                Error = null;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Error = exception.Message;
            }
        }
    }
}
