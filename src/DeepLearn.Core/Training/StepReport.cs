using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Models;

namespace DeepLearn.Training;

/// <summary>What a callback is told after each update. It lives during the call alone and allocates nothing.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="Step">The number of updates made, this one included.</param>
/// <param name="TotalSteps">The number that training lasts.</param>
/// <param name="LearningRate">The rate of this update, after what callbacks made of it.</param>
/// <param name="Loss">The loss of the batch before the update, without penalty.</param>
/// <param name="Model">The model, after the update.</param>
/// <param name="Batch">The batch; it is overwritten by the next one.</param>
/// <param name="Workspace">The workspace; its outputs are those of the batch before the update.</param>
public readonly record struct StepReport<T>(
    long Step, long TotalSteps, double LearningRate, double Loss, Model<T> Model, Batch<T> Batch, ModelWorkspace<T> Workspace)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
