namespace DeepLearn.Training.Checkpoints;

/// <summary>
/// Where and how often a trainer writes down all that decides the rest of its run. It changes no bit of the result. An immutable value.
/// </summary>
/// <remarks>
/// A checkpoint is written when <see cref="Every"/> or <see cref="Interval"/> says so, when the run is canceled, and when it ends. It takes
/// the place of the one before only once it is complete and flushed, so that there is a whole one at any instant, from the first on.
/// </remarks>
/// <example><code>
/// using var trainer = new Trainer&lt;float&gt;(model, plan, training, test)
/// {
///     Checkpointing = new("images.checkpoint") { Interval = TimeSpan.FromMinutes(1) },
/// };
/// trainer.TryResume();    // false where there is no checkpoint yet
/// trainer.Run();
/// </code></example>
public sealed record Checkpointing
{
    /// <summary>Checkpoints in a file.</summary>
    /// <param name="path">
    /// The file, a relative path counted from the folder that is the current one now; folders that are missing are made. One run at a time
    /// writes it, and holds the lock of a file beside it, <c>.lock</c>; a second one is refused at once.
    /// </param>
    public Checkpointing(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>The number of steps between two checkpoints, at least 1; 0, the default, for none by their number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public long Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// The time after which there is another checkpoint, above 0, or <see cref="Timeout.InfiniteTimeSpan"/> for none by the clock. Default
    /// 30 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0, and not infinite.</exception>
    public TimeSpan Interval
    {
        get;
        init => field = value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Interval), value, "The time between two checkpoints is above 0, or infinite.");
    } = TimeSpan.FromSeconds(30);
}
