using System.Numerics;
using DeepLearn.Models;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Training.Callbacks;

/// <summary>
/// Lowers the learning rate when the validation loss (the training loss, where nothing is validated) has stopped falling. It is a callback,
/// not a schedule, since it is no function of the step.
/// </summary>
/// <remarks>
/// The rate of the schedule is multiplied by <see cref="RateFactor"/>, which begins at 1; after each fall the waiting begins anew. As
/// PyTorch's <c>ReduceLROnPlateau</c> in its modes "min" and "rel", with two differences: there as many evaluations as the patience may
/// pass and the next one lowers the rate, here the last of them does, so that its <c>patience=4</c> is 5 here; and what is bounded from
/// below is the factor, not the rate. A loss that is not a number is no improvement. It looks at evaluations, so that the plan needs an
/// <see cref="EvaluationPlan.Every"/>; a run without one is refused at its start.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// TrainingPlan watched = plan with { Length = TrainingLength.Epochs(10), Evaluation = new() { EveryEpochs = 1 } };
/// using var trainer = new Trainer&lt;float&gt;(model, watched, training, test);
/// trainer.Callbacks.Add(new ReduceOnPlateau&lt;float&gt;(factor: 0.5, patience: 2));
/// trainer.Run();
/// </code></example>
public sealed class ReduceOnPlateau<T> : TrainingCallback<T>, IResumable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _factor;
    private readonly int _patience;
    private readonly double _threshold;
    private readonly double _smallest;
    private readonly int _coolDown;
    private double _best = double.PositiveInfinity;
    private int _waited;
    private int _cooling;
    private double _rateFactor = 1;

    /// <summary>Makes a callback for one run of training, which begins with the schedule's rate.</summary>
    /// <param name="factor">What the rate is multiplied by, above 0 and below 1. Default 0.1.</param>
    /// <param name="patience">
    /// The number of evaluations in a row without improvement of which the last lowers the rate, at least 1. Default 5.
    /// </param>
    /// <param name="threshold">
    /// By what fraction of the best loss a loss must be below it to count as an improvement, at least 0. Default 1e-4.
    /// </param>
    /// <param name="smallest">The smallest factor that it goes down to, from 0 to 1. Default 0.</param>
    /// <param name="coolDown">
    /// The number of evaluations after a fall for which no waiting is counted, at least 0, so that the lower rate can take hold. Default 0.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ReduceOnPlateau(double factor = 0.1, int patience = 5, double threshold = 1e-4, double smallest = 0, int coolDown = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(coolDown);
        if (!(factor is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor is above 0 and below 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        if (!(threshold >= 0 && double.IsFinite(threshold)))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is finite and at least 0.");
        if (!(smallest is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(smallest), smallest, "The smallest factor is from 0 to 1.");
        _factor = factor;
        _patience = patience;
        _threshold = threshold;
        _smallest = smallest;
        _coolDown = coolDown;
    }

    /// <inheritdoc/>
    public override double RateFactor => _rateFactor;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The plan has no evaluations on the way, so that the rate would never be lowered, or the callback has been told of another run.
    /// </exception>
    public override void OnStart(TrainingPlan plan, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Evaluation.RequireOnTheWay(nameof(ReduceOnPlateau<>), totalSteps);
        RequireOneRun();
    }

    /// <inheritdoc/>
    public override TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model)
    {
        ArgumentNullException.ThrowIfNull(point);
        double loss = (point.Validation ?? point.Training).Loss;
        if (loss < _best - (_threshold * Math.Abs(_best)) || (double.IsPositiveInfinity(_best) && !double.IsNaN(loss)))
        {
            _best = loss;
            _waited = 0;
        }
        else
        {
            _waited++;
        }
        if (_cooling > 0)
        {
            _cooling--;
            _waited = 0;
        }
        if (_waited >= _patience)
        {
            _rateFactor = Math.Max(_smallest, _rateFactor * _factor);
            _waited = 0;
            _cooling = _coolDown;
        }
        return TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Write("factor", _factor);
        state.Write("patience", _patience);
        state.Write("threshold", _threshold);
        state.Write("smallest", _smallest);
        state.Write("cool-down", _coolDown);
        state.Write("best", _best);
        state.Write("waited", _waited);
        state.Write("cooling", _cooling);
        state.Write("rate factor", _rateFactor);
    }

    /// <inheritdoc/>
    public Action Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require("factor", _factor);
        state.Require("patience", _patience);
        state.Require("threshold", _threshold);
        state.Require("smallest", _smallest);
        state.Require("cool-down", _coolDown);
        double best = state.ReadNumber("best");
        int waited = (int)state.ReadInteger("waited");
        int cooling = (int)state.ReadInteger("cooling");
        double rateFactor = state.ReadNumber("rate factor");
        return () => (_best, _waited, _cooling, _rateFactor) = (best, waited, cooling, rateFactor);
    }
}
