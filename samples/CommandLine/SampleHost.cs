using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using DeepLearn.Samples.CommandLine.Files;
using DeepLearn.Training;

namespace DeepLearn.Samples.CommandLine;

/// <summary>
/// Runs a sample as a well-behaved process: one line on standard error and an exit code for whatever the user can put right, and on Ctrl-C
/// or SIGTERM an orderly end, within a second where the machine is not busy.
/// </summary>
public static class SampleHost
{
    // What is being computed looks at the token every few milliseconds; this is for the stretch that does not, on a machine that is busy
    // with other things. A second signal ends the process at once.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    // What was computed is written down after that, for as long as it takes within reason.
    private static readonly TimeSpan LongestWriting = TimeSpan.FromSeconds(20);

    private static readonly ManualResetEventSlim NothingIsBeingWritten = new(initialState: true);

    private static bool _hasTakenLeave;

    /// <summary>Parses the command line and runs the work.</summary>
    /// <param name="root">The command; the work is done whichever of its subcommands was given.</param>
    /// <param name="arguments">The arguments of the process.</param>
    /// <param name="work">The work.</param>
    /// <param name="howToGoOn">What to tell the user after an interruption.</param>
    public static int Run(
        RootCommand root, string[] arguments, Action<ParseResult, CancellationToken> work, Func<ParseResult, string> howToGoOn)
    {
        root.SetAction(parsed => Execute(parsed, work, howToGoOn));
        foreach (Command command in root.Subcommands)
            command.SetAction(parsed => Execute(parsed, work, howToGoOn));
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            // An option that lacks its value makes what follows unrecognizable; the option is the one to name.
            ParseError first = parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult or ArgumentResult)
                ?? parsed.Errors[0];
            Console.Error.WriteLine($"error: {OneLine(first.Message)} (--help lists the options)");
            return ExitCodes.Usage;
        }
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    /// <summary>Whether an exception says what was wrong with the input, rather than with the program.</summary>
    public static bool IsForTheUser(Exception exception) =>
        exception is SampleException or IOException or InvalidDataException or UnauthorizedAccessException or TrainingDivergedException;

    /// <summary>Writes down what was computed before an interruption: the process does not end meanwhile.</summary>
    /// <param name="write">Writes it.</param>
    public static void WriteBeforeLeaving(Action write)
    {
        ArgumentNullException.ThrowIfNull(write);
        NothingIsBeingWritten.Reset();
        try
        {
            write();
        }
        finally
        {
            NothingIsBeingWritten.Set();
        }
    }

    private static int Execute(ParseResult parsed, Action<ParseResult, CancellationToken> work, Func<ParseResult, string> howToGoOn)
    {
        string farewell = $"Stopped. {howToGoOn(parsed)}";
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop, farewell));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop, farewell));
        try
        {
            work(parsed, stop.Token);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            TakeLeave(farewell);
            return ExitCodes.Interrupted;
        }
        catch (Exception exception) when (IsForTheUser(exception))
        {
            Console.Error.WriteLine($"error: {OneLine(exception.Message)}");
            return ExitCodes.Failure;
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop, string farewell)
    {
        context.Cancel = true;
        if (stop.IsCancellationRequested)
            Environment.Exit(ExitCodes.Interrupted);
        var patience = new Thread(() =>
        {
            Thread.Sleep(LongestFarewell);
            NothingIsBeingWritten.Wait(LongestWriting);
            AtomicFile.WriteNoMore();
            TakeLeave(farewell);
            Environment.Exit(ExitCodes.Interrupted);
        })
        { IsBackground = true };
        patience.Start();
        stop.Cancel();
    }

    // Whoever comes first says it: the thread that does the work, or the one whose patience is over.
    private static void TakeLeave(string farewell)
    {
        if (!Interlocked.Exchange(ref _hasTakenLeave, true))
            Console.Error.WriteLine(farewell);
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
