namespace DeepLearn.Samples.CommandLine;

/// <summary>What the process says to whoever started it.</summary>
public static class ExitCodes
{
    /// <summary>All was done.</summary>
    public const int Success = 0;

    /// <summary>It could not be done; the reason is on standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line was wrong; the reason is on standard error.</summary>
    public const int Usage = 2;

    /// <summary>It was stopped by Ctrl-C or SIGTERM, after keeping what was done.</summary>
    public const int Interrupted = 130;
}
