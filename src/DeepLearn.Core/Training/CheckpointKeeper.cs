using System.Diagnostics;
using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training;

/// <summary>
/// Writes a run's checkpoints when they are due, and reads one back: what stands in it, and in which order it is checked.
/// </summary>
/// <param name="options">Where and how often.</param>
/// <param name="model">The model that is trained.</param>
/// <param name="optimizerState">What the optimizer remembers.</param>
/// <param name="callbacks">The trainer's list, as it is when it is needed.</param>
/// <param name="identify">Names the run, before its first step.</param>
internal sealed class CheckpointKeeper<T>(
    Checkpointing options,
    Model<T> model,
    IReadOnlyList<StateBuffer<T>> optimizerState,
    IEnumerable<TrainingCallback<T>> callbacks,
    Func<RunIdentity> identify)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private RunIdentity? _identity;
    private bool _isOurs;
    private FileLock? _lock;
    private long _savedStep = -1;
    private long _savedTime = Stopwatch.GetTimestamp();

    private IResumable[] Resumables => [.. callbacks.OfType<IResumable>()];

    /// <summary>
    /// Names the run, unless that has been done, and makes sure that it writes over no other, nor another over it until <see cref="End"/>.
    /// To be called before the first step.
    /// </summary>
    /// <exception cref="IOException">
    /// There is a checkpoint that the run has not been taken up from, or another run is writing it.
    /// </exception>
    public void Begin()
    {
        _lock ??= Take();
        try
        {
            CheckIsOurs();
            _identity ??= identify();
        }
        catch
        {
            End();
            throw;
        }
        _isOurs = true;
    }

    /// <summary>Lets other runs have the file.</summary>
    public void End()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private FileLock Take() => FileLock.TryTake(options.Path + ".lock") ?? throw new IOException(
        $"The checkpoint \"{options.Path}\" is in use by another run; expected one at a time. Wait for that one, or give this one another "
        + "file.");

    private void CheckIsOurs()
    {
        if (!_isOurs && File.Exists(options.Path))
        {
            throw new IOException(
                $"There is a checkpoint \"{options.Path}\" already, which would be lost: take the run up from it "
                + $"({nameof(Trainer<>.TryResume)}), or delete it.");
        }
    }

    /// <summary>Whether a checkpoint is to be written after some steps.</summary>
    public bool IsDue(long steps) =>
        (options.Every > 0 && steps % options.Every == 0)
        || (options.Interval != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_savedTime) >= options.Interval);

    /// <summary>Writes a checkpoint, unless the last one is of the same step.</summary>
    public void SaveUnlessSaved(RunProgress progress)
    {
        if (_savedStep != progress.Steps)
            Save(progress);
    }

    /// <summary>Writes a checkpoint.</summary>
    /// <exception cref="TrainingDivergedException">
    /// A number of the model is not finite. The checkpoint before stays, which is better than one that nothing can go on from.
    /// </exception>
    public void Save(RunProgress progress)
    {
        bool isRunning = _lock is not null;
        Begin();
        try
        {
            Write(progress);
        }
        finally
        {
            if (!isRunning)
                End();
        }
    }

    private void Write(RunProgress progress)
    {
        foreach ((string name, Matrix<T> value) in model.Values)
        {
            foreach (T number in value.AsSpan())
            {
                if (!T.IsFinite(number))
                    throw new TrainingDivergedException($"number of {name}", progress.Steps, double.CreateChecked(number));
            }
        }
        CheckpointFile.Write(options.Path, state =>
        {
            IResumable[] resumables = Resumables;
            _identity!.With(resumables).Save(state.Below("run"));
            progress.Save(state.Below("progress"));
            foreach ((string name, Matrix<T> value) in model.Values)
                state.Below("model").Write(name, value);
            foreach ((string name, Matrix<T> value) in optimizerState)
                state.Below("optimizer").Write(name, value);
            for (int i = 0; i < resumables.Length; i++)
                resumables[i].Save(CallbackState(state.Below, i));
        });
        _savedStep = progress.Steps;
        _savedTime = Stopwatch.GetTimestamp();
    }

    /// <summary>Goes back to the checkpoint; null, and nothing done, where there is none yet.</summary>
    public RunProgress? TryLoad(long totalSteps)
    {
        if (!File.Exists(options.Path))
            return null;

        // A run that is going on will write it anew, and two would go on from there.
        using FileLock held = Take();
        _identity ??= identify();
        using SafetensorsReader file = CheckpointFile.Open(options.Path);
        var state = new StateReader(file, [.. model.Values.Select(value => (value.Name, value.Value.Rows, value.Value.Columns))]);
        IResumable[] resumables = Resumables;
        _identity!.With(resumables).RequireSame(state.Below("run"));
        RunProgress progress = RunProgress.Load(state.Below("progress"));
        if (progress.Steps > totalSteps)
        {
            throw state.Below("progress").Mismatch(
                "steps", FormattableString.Invariant($"at most {totalSteps}, where the plan ends"), InvariantText.Of(progress.Steps));
        }
        var apply = new List<Action>();
        foreach ((string name, Matrix<T> value) in model.Values)
            apply.Add(Copy(state.Below("model"), name, value));
        foreach ((string name, Matrix<T> value) in optimizerState)
            apply.Add(Copy(state.Below("optimizer"), name, value));
        for (int i = 0; i < resumables.Length; i++)
            apply.Add(resumables[i].Load(CallbackState(state.Below, i)));
        state.RequireAllRead();

        // Everything has been read and checked; only now is anything changed.
        foreach (Action action in apply)
            action();
        _isOurs = true;
        _savedStep = progress.Steps;
        _savedTime = Stopwatch.GetTimestamp();
        return progress;
    }

    private static TState CallbackState<TState>(Func<string, TState> below, int index) =>
        below(FormattableString.Invariant($"callback {index + 1}"));

    private static Action Copy(StateReader state, string name, Matrix<T> destination)
    {
        Matrix<T> read = state.ReadMatrix<T>(name, destination.Rows, destination.Columns);
        return () => read.AsSpan().CopyTo(destination.AsSpan());
    }
}
