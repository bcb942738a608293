using System.Runtime.CompilerServices;
using DeepLearn.Data;
using DeepLearn.Foundation;

namespace DeepLearn.Training;

public sealed partial class Trainer<T>
{
    private Machinery? _working;

    /// <summary>
    /// What the run holds in memory once it has begun, besides a few kilobytes; it does not grow while it trains. Not counted is what
    /// matrix products keep on each thread that makes them, for all runs alike: at most 7 MB a thread, most often some hundred kilobytes.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The trainer has been disposed of.</exception>
    public unsafe TrainingMemory Memory
    {
        get
        {
            (BatchLoader<T> loader, TrainingStep<T> step, Evaluator<T> evaluator) = Working;
            Dataset[] datasets = [_trainingSet, _measuredTrainingSet, .. _validationSet is null ? (Dataset[])[] : [_validationSet]];
            long values = Model.Parameters.Sum(parameter => (long)parameter.Value.Count)
                + Model.Buffers.Sum(buffer => (long)buffer.Value.Count);
            long gradients = step.GradientCount;
            long normalization = 2L * (Plan.Normalization?.Features ?? 0) * sizeof(double);
            return new(
                Dataset.MemoryInBytes(datasets),
                (values + gradients) * sizeof(T),
                step.OptimizerState.Sum(state => (long)state.Value.Count) * sizeof(T),
                step.Workspace.MemoryInBytes + evaluator.MemoryInBytes + loader.MemoryInBytes + normalization);
        }
    }

    private Machinery Working
    {
        get
        {
            ObjectDisposedException.ThrowIf(_working is null, this);
            return _working;
        }
    }

    /// <summary>
    /// Stops the thread that makes batches ahead of time, where there is one, and lets go of the run's working memory (the buffers and the
    /// optimizer's state of <see cref="Memory"/>), so that the next run can have it: a garbage collection may follow. The model, the plan,
    /// the learning curves and the number of steps stay; nothing else can be asked of the trainer any more.
    /// </summary>
    public void Dispose()
    {
        if (_working is null)
            return;
        long bytes = Stop();
        _working = null;
        _checkpoints = null;
        ReleasedMemory.Add(bytes);
    }

    // By itself, so that the caller's stack refers to nothing of it when its memory is to be freed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Stop()
    {
        Working.Loader.Dispose();
        _checkpoints?.End();
        TrainingMemory memory = Memory;
        return memory.OptimizerState + memory.Buffers;
    }

    /// <summary>What a run works with: most of its memory.</summary>
    private sealed record Machinery(BatchLoader<T> Loader, TrainingStep<T> Step, Evaluator<T> Evaluator);
}
