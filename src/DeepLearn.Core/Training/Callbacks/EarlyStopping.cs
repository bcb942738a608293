using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Training.Checkpoints;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training.Callbacks;

/// <summary>
/// Stops training when a measure, by default the validation loss (the training loss, where nothing is validated), has stopped improving,
/// and keeps what the model held when it was best (Prechelt, "Early Stopping - But When?", 1998).
/// </summary>
/// <remarks>
/// It looks at evaluations, so that the plan needs an <see cref="EvaluationPlan.Every"/>; a run without one is refused at its start. A
/// measure that is not a number is no improvement.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// TrainingPlan watched = plan with { Length = TrainingLength.Epochs(40), Evaluation = new() { EveryEpochs = 1 } };
/// using var trainer = new Trainer&lt;float&gt;(model, watched, training, test);
/// trainer.Callbacks.Add(new EarlyStopping&lt;float&gt;(patience: 3, restoresBest: true));
/// Console.WriteLine(trainer.Run().Stopped);    // prints True
/// </code></example>
public sealed class EarlyStopping<T> : TrainingCallback<T>, IResumable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Measure = "measure of the best point";
    private const string LastMeasure = "measure of the last point";

    private readonly int _patience;
    private readonly double _minimumChange;
    private readonly bool _restoresBest;
    private readonly bool _higherIsBetter;
    private readonly Func<TrainingPoint, double> _measure;
    private int _waited;
    private TrainingPoint? _lastPoint;

    private readonly Metric? _metric;

    /// <summary>Makes a callback for one run of training, which watches the loss.</summary>
    /// <param name="patience">The number of evaluations in a row without improvement of which the last stops training, at least 1.</param>
    /// <param name="minimumChange">
    /// By how much a measure must be better than the best to count as an improvement, in its unit, at least 0. Default 0: by any amount.
    /// </param>
    /// <param name="restoresBest">
    /// Whether the model is given back what it held at the best evaluation when training ends. Default false: that is the caller's to do,
    /// from <see cref="Best"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public EarlyStopping(int patience, double minimumChange = 0, bool restoresBest = false)
        : this(patience, static point => (point.Validation ?? point.Training).Loss, higherIsBetter: false, minimumChange, restoresBest)
    {
    }

    /// <summary>Makes a callback for one run of training, which watches a metric.</summary>
    /// <param name="patience">The number of evaluations in a row without improvement of which the last stops training, at least 1.</param>
    /// <param name="metric">
    /// The metric, on the validation set where there is one: the accuracy, or one of the plan's <see cref="EvaluationPlan.Metrics"/>.
    /// </param>
    /// <param name="minimumChange">By how much it must be better than the best, in its unit, at least 0. Default 0: by any amount.</param>
    /// <param name="restoresBest">Whether the model is given back what it held at the best evaluation. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public EarlyStopping(int patience, Metric metric, double minimumChange = 0, bool restoresBest = false)
        : this(patience, MeasureOf(metric), metric.HigherIsBetter, minimumChange, restoresBest) => _metric = metric;

    /// <summary>Makes a callback for one run of training, which watches a number of your own.</summary>
    /// <param name="patience">The number of evaluations in a row without improvement of which the last stops training, at least 1.</param>
    /// <param name="measure">
    /// What is watched, such as <c>point => point.Validation!.Cost</c>. A checkpoint is refused where it gives another number for an
    /// evaluation that it has seen.
    /// </param>
    /// <param name="higherIsBetter">Whether it is to grow.</param>
    /// <param name="minimumChange">By how much it must be better than the best, in its unit, at least 0. Default 0: by any amount.</param>
    /// <param name="restoresBest">Whether the model is given back what it held at the best evaluation. Default false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public EarlyStopping(
        int patience, Func<TrainingPoint, double> measure, bool higherIsBetter, double minimumChange = 0, bool restoresBest = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentNullException.ThrowIfNull(measure);
        if (!(minimumChange >= 0 && double.IsFinite(minimumChange)))
            throw new ArgumentOutOfRangeException(nameof(minimumChange), minimumChange, "The minimum change is finite and at least 0.");
        _patience = patience;
        _minimumChange = minimumChange;
        _restoresBest = restoresBest;
        _measure = measure;
        _higherIsBetter = higherIsBetter;
    }

    /// <summary>What the model held at the best evaluation; null before the first.</summary>
    public ModelSnapshot<T>? Best { get; private set; }

    /// <summary>The best evaluation; null before the first.</summary>
    public TrainingPoint? BestPoint { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// The plan has no evaluations on the way, so that training would never be stopped, or does not measure the metric; or the callback has
    /// been told of another run.
    /// </exception>
    public override void OnStart(TrainingPlan plan, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Evaluation.RequireOnTheWay(nameof(EarlyStopping<>), totalSteps);
        if (_metric is not null and not Accuracy && plan.Evaluation.Metrics.All(metric => metric.Name != _metric.Name))
        {
            throw new InvalidOperationException(
                $"{nameof(EarlyStopping<>)} watches the metric \"{_metric.Name}\"; expected it among the plan's {nameof(EvaluationPlan)}."
                + $"{nameof(EvaluationPlan.Metrics)}, found {string.Join(", ", plan.Evaluation.Metrics.Select(metric => metric.Name))}.");
        }
        RequireOneRun();
    }

    /// <inheritdoc/>
    public override bool ReplacesWeights => _restoresBest;

    /// <inheritdoc/>
    public override void OnEnd(Model<T> model)
    {
        if (_restoresBest)
            Best?.RestoreTo(model);
    }

    /// <inheritdoc/>
    public override TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model)
    {
        ArgumentNullException.ThrowIfNull(point);
        _lastPoint = point;
        if (BestPoint is null || IsBetter(_measure(point), _measure(BestPoint)))
        {
            BestPoint = point;
            if (Best is null)
                Best = ModelSnapshot<T>.Of(model);
            else
                Best.TakeFrom(model);
            _waited = 0;
            return TrainingDecision.Continue;
        }
        return ++_waited >= _patience ? TrainingDecision.Stop : TrainingDecision.Continue;
    }

    /// <inheritdoc/>
    public void Save(StateWriter state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Write("patience", _patience);
        state.Write("minimum change", _minimumChange);
        state.Write("restores best", _restoresBest);
        state.Write("higher is better", _higherIsBetter);
        state.Write("waited", _waited);
        state.WritePoints("best point", BestPoint is null ? [] : [BestPoint]);
        state.WritePoints("last point", _lastPoint is null ? [] : [_lastPoint]);
        if (BestPoint is not null && _lastPoint is not null)
        {
            state.Write(Measure, _measure(BestPoint));
            state.Write(LastMeasure, _measure(_lastPoint));
        }
        if (Best is not null)
            state.Write("best", Best);
    }

    /// <inheritdoc/>
    public Action Load(StateReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Require("patience", _patience);
        state.Require("minimum change", _minimumChange);
        state.Require("restores best", _restoresBest);
        state.Require("higher is better", _higherIsBetter);
        int waited = (int)state.ReadInteger("waited");
        ValueList<TrainingPoint> points = state.ReadPoints("best point");
        ValueList<TrainingPoint> last = state.ReadPoints("last point");
        ModelSnapshot<T>? best = points.Count == 0 ? null : state.ReadSnapshot<T>("best");
        if (points.Count > 0 && last.Count > 0)
        {
            RequireMeasure(state, Measure, points[0]);
            RequireMeasure(state, LastMeasure, last[0]);
        }
        return () =>
        {
            _waited = waited;
            BestPoint = points.Count == 0 ? null : points[0];
            _lastPoint = last.Count == 0 ? null : last[0];
            Best = best;
        };
    }

    private static Func<TrainingPoint, double> MeasureOf(Metric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        return point =>
        {
            Evaluation evaluation = point.Validation ?? point.Training;
            if (metric is Accuracy)
            {
                return evaluation.Accuracy ?? throw new InvalidOperationException(
                    $"{nameof(EarlyStopping<>)} watches the accuracy; expected classes to predict, found an evaluation without accuracy.");
            }

            // One that is absent had no value.
            return evaluation.Metrics.Where(value => value.Name == metric.Name).Select(value => value.Value).FirstOrDefault(double.NaN);
        };
    }

    // Functions cannot be compared, but what they give can: the best evaluation and the last one were judged by the run's measure.
    private void RequireMeasure(StateReader state, string name, TrainingPoint point)
    {
        double expected = _measure(point), found = state.ReadNumber(name);
        if (!expected.Equals(found))
        {
            throw state.Mismatch(
                name, $"{InvariantText.Of(expected)} of the evaluation after step {InvariantText.Of(point.Step)}, by this run's measure",
                InvariantText.Of(found));
        }
    }

    private bool IsBetter(double measure, double best) =>
        (double.IsNaN(best) && !double.IsNaN(measure))
            || (_higherIsBetter ? measure > best + _minimumChange : measure < best - _minimumChange);
}
