using DeepLearn.Foundation;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training;

/// <summary>How far a run is, besides what model, optimizer and callbacks hold.</summary>
/// <param name="Steps">The number of updates made.</param>
/// <param name="Stopped">Whether a callback has stopped it.</param>
/// <param name="LastLoss">The loss of the last batch; NaN before the first.</param>
/// <param name="Seconds">The time that it has taken.</param>
/// <param name="Curve">The points of the learning curves.</param>
internal sealed record RunProgress(long Steps, bool Stopped, double LastLoss, double Seconds, ValueList<TrainingPoint> Curve)
{
    public void Save(StateWriter state)
    {
        state.Write("steps", Steps);
        state.Write("stopped", Stopped);
        state.Write("last loss", LastLoss);
        state.Write("seconds", Seconds);
        state.WritePoints("curve", Curve);
    }

    public static RunProgress Load(StateReader state) => new(
        state.ReadInteger("steps"),
        state.ReadBoolean("stopped"),
        state.ReadNumber("last loss"),
        state.ReadNumber("seconds"),
        state.ReadPoints("curve"));
}
