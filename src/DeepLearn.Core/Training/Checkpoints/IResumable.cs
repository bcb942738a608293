using DeepLearn.Foundation;

namespace DeepLearn.Training.Checkpoints;

/// <summary>
/// What a callback implements that remembers anything on which the rest of a run depends, so that checkpoints hold it. The library's own
/// callbacks do no more than that.
/// </summary>
/// <remarks>
/// A callback that only looks (progress, plots) has no need of it, and may be there or not when a run goes on. Those that implement it must
/// be the same, in the same order.
/// </remarks>
/// <example><code>
/// trainer.Callbacks.Add(new StepCounter());
/// trainer.Run();
///
/// // A callback of your own that goes on from a checkpoint.
/// sealed class StepCounter : TrainingCallback&lt;float&gt;, IResumable
/// {
///     private long _steps;
///
///     public override TrainingDecision OnStep(in StepReport&lt;float&gt; report)
///     {
///         _steps++;
///         return TrainingDecision.Continue;
///     }
///
///     public void Save(StateWriter state) => state.Write("steps", _steps);
///
///     public Action Load(StateReader state)
///     {
///         long steps = state.ReadInteger("steps");
///         return () => _steps = steps;    // only once everything has been read
///     }
/// }
/// </code></example>
public interface IResumable
{
    /// <summary>Writes down what it remembers, and the options that it was made with.</summary>
    /// <param name="state">Where to; names are its own, each used once.</param>
    void Save(StateWriter state);

    /// <summary>
    /// Reads and checks all that <see cref="Save"/> wrote, options by <see cref="StateReader.Require(string, double)"/> and its kin, and
    /// changes nothing yet.
    /// </summary>
    /// <param name="state">Where from; of use during the call alone.</param>
    /// <returns>
    /// What puts it in place. It is called once everything else in the checkpoint has been read and checked too, and must not fail.
    /// </returns>
    /// <exception cref="IdentityMismatchException">The options differ, or something is missing.</exception>
    Action Load(StateReader state);
}
