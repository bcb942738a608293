namespace DeepLearn.Training.Checkpoints;

/// <summary>A checkpoint is of another run than the one that was to go on from it. Nothing has been changed then.</summary>
public sealed class CheckpointMismatchException : IOException
{
    /// <summary>An exception.</summary>
    /// <param name="where">The checkpoint, as the beginning of the message.</param>
    /// <param name="field">What differs.</param>
    /// <param name="expected">Its value in the run that was to go on.</param>
    /// <param name="found">Its value in the checkpoint.</param>
    public CheckpointMismatchException(string where, string field, string expected, string found)
        : base($"{where} is of another run: expected {field} \"{expected}\", found \"{found}\".")
    {
        Field = field;
        Expected = expected;
        Found = found;
    }

    /// <summary>What differs, for instance <c>seed</c>.</summary>
    public string Field { get; }

    /// <summary>Its value in the run that was to go on.</summary>
    public string Expected { get; }

    /// <summary>Its value in the checkpoint.</summary>
    public string Found { get; }
}
