using System.Diagnostics;
using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Training;

/// <summary>
/// Trains a model by a plan. The trained parameters are a pure function of (model, plan, data): not of the number of threads, of
/// evaluations, of prefetching, or of whether <see cref="Run"/> was canceled and called again, or the whole process killed and the run
/// taken up from its checkpoint.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// using var workers = new WorkerPool(Environment.ProcessorCount);
/// using var trainer = new Trainer&lt;float&gt;(model, plan, training, test, workers);
/// TrainingResult result = trainer.Run();
/// Console.WriteLine($"after {result.Steps} steps: accuracy {result.Curve[^1].Validation!.Accuracy:p1}");
/// </code></example>
public sealed partial class Trainer<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dataset _trainingSet;
    private readonly Dataset _measuredTrainingSet;
    private readonly Dataset? _validationSet;
    private readonly EvaluationPlan _evaluation;
    private readonly RandomKey _noise;
    private readonly WorkerPool _workers;
    private readonly List<TrainingPoint> _curve = [];
    private readonly Stopwatch _clock = new();
    private readonly SoleUse _use = new("The trainer", "What is asked of it meanwhile, ask in a callback.");
    private double _lastLoss = double.NaN;
    private bool _stopped;
    private bool _ended;
    private TrainingPoint? _final;

    /// <summary>Makes a trainer at the start of its plan.</summary>
    /// <param name="model">The model, which is changed in place.</param>
    /// <param name="plan">What is done to it.</param>
    /// <param name="trainingSet">The examples to learn from; shared, not copied.</param>
    /// <param name="validationSet">Examples to measure on, or null.</param>
    /// <param name="workers">The threads to use, which stay the caller's to dispose of; null for the calling one alone.</param>
    /// <exception cref="ArgumentException">The data do not fit the model or the loss, or the plan has an impossible value.</exception>
    public Trainer(Model<T> model, TrainingPlan plan, Dataset trainingSet, Dataset? validationSet = null, WorkerPool? workers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(trainingSet);
        DataFit.RequireTraining(model, plan, trainingSet);
        if (validationSet is not null)
        {
            Likeness.Require(
                trainingSet.Description, "the training set", validationSet.Description, "the validation set", nameof(validationSet));
            DataFit.Require(model, plan, validationSet, "validation");
        }
        Model = model;
        Plan = plan;
        _trainingSet = trainingSet;
        _validationSet = validationSet;
        int measured = plan.Evaluation.TrainingExamples;
        _measuredTrainingSet = measured > 0 && measured < trainingSet.Count ? trainingSet.Take(measured) : trainingSet;
        RandomKey key = RandomKey.FromSeed(plan.Seed).Derive("training");
        _noise = key.Derive("noise");
        var loader = new BatchLoader<T>(trainingSet, plan.BatchSize, key, plan.LoaderOptions, workers) { LeavesBytes = model.ReadsBytes };
        _evaluation = plan.Evaluation.InSteps(loader.BatchesPerEpoch);
        TotalSteps = plan.Length.InSteps(plan.Schedule, loader.BatchesPerEpoch);
        PrecisionFit.RequireRulesRates<T>(plan, TotalSteps);
        var step = new TrainingStep<T>(model, plan.Loss, plan.Regularizer, plan.RuledOptimizer, loader.BatchSize, workers);
        var evaluator = new Evaluator<T>(
            model, plan.EvaluationLoss ?? plan.Loss, plan.Regularizer, trainingSet.Description, plan.Normalization, workers,
            plan.TargetScaling);
        MetricFit.Require(
            plan.Evaluation.Metrics, evaluator.TaskOf(trainingSet),
            !trainingSet.Weights.IsEmpty || validationSet is { Weights.IsEmpty: false }, nameof(plan));
        _working = new(loader, step, evaluator);
        _workers = workers ?? WorkerPool.Single;
    }

    /// <summary>The model that is trained.</summary>
    public Model<T> Model { get; }

    /// <summary>What is done to it.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>The number of updates that the plan comes to.</summary>
    public long TotalSteps { get; }

    /// <summary>The number of updates made so far.</summary>
    public long StepsDone { get; private set; }

    /// <summary>
    /// The points of the learning curves so far: one for each evaluation of <see cref="TrainingPlan.Evaluation"/>, none before the first.
    /// </summary>
    public IReadOnlyList<TrainingPoint> Curve => _curve;

    /// <summary>What is told of every step and evaluation, in this order.</summary>
    public IList<TrainingCallback<T>> Callbacks { get; } = [];

    /// <summary>
    /// Trains to the end of the plan, or until a callback stops it. Called again after a cancellation, it goes on where it was. What plan
    /// and training set say of the model goes onto its <see cref="Model{T}.Card"/>.
    /// </summary>
    /// <param name="progress">Told a few times a second how far it is, after each evaluation and at the end; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The learning curves and what it took.</returns>
    /// <exception cref="OperationCanceledException">
    /// It was stopped; the model is as its last whole step left it, and so is the checkpoint, where there are any.
    /// </exception>
    /// <exception cref="TrainingDivergedException">
    /// The loss of a batch, the cost on the training set or the validation set, or a weight when a checkpoint is due, is not finite.
    /// </exception>
    /// <exception cref="IOException">
    /// A checkpoint cannot be written; the run may be called again. Or there is one already, which the run has not been taken up from,
    /// or another run is writing it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The trainer or its model is being trained already, on another thread or by what called this; or a callback cannot do its work: it is
    /// of another run, in the list twice, or the second that gives the model other weights at the end.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The trainer has been disposed of.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_working is null, this);
        using SoleUse.Scope use = _use.Begin();
        using SoleUse.Scope training = Model.Training.Begin();
        RequireCallbacks();
        for (int i = 0; i < Callbacks.Count; i++)
        {
            Callbacks[i].Enter(_use);
            Callbacks[i].OnStart(Plan with { Evaluation = _evaluation }, TotalSteps);
        }
        _checkpoints?.Begin();
        try
        {
            using Activity? activity = TrainingTelemetry.Run(TotalSteps, StepsDone);
            (_ended, _final) = (false, null);
            Model.Card = Card();
            _clock.Start();
            TimeSpan reported = _clock.Elapsed;
            EvaluateIfPlanned(progress, cancellationToken);
            if (Working.Loader.Position != StepsDone)
                Working.Loader.Position = StepsDone;
            while (StepsDone < TotalSteps && !_stopped)
            {
                cancellationToken.ThrowIfCancellationRequested();
                MakeStep();
                if (IsMeasuredForEndAlone)
                    _checkpoints?.SaveUnlessSaved(RunProgress());
                EvaluateIfPlanned(progress, cancellationToken);
                if (_checkpoints is not null && !IsMeasuredForEndAlone && _checkpoints.IsDue(StepsDone))
                    _checkpoints.Save(RunProgress());
                if (progress is not null && _clock.Elapsed - reported >= ProgressInterval)
                {
                    reported = _clock.Elapsed;
                    progress.Report(Progress());
                }
            }
            if (!IsMeasuredForEndAlone)
                _checkpoints?.SaveUnlessSaved(RunProgress());
            _ended = true;
            for (int i = 0; i < Callbacks.Count; i++)
                Callbacks[i].OnEnd(Model);
            _final = MeasureEnd(cancellationToken);
        }
        catch (OperationCanceledException) when (_checkpoints is not null && _isBetweenSteps)
        {
            // Where the weights are lost, the checkpoint before stays; that it was canceled is what the caller asked for.
            try
            {
                _checkpoints.SaveUnlessSaved(RunProgress());
            }
            catch (TrainingDivergedException)
            {
            }
            throw;
        }
        finally
        {
            _clock.Stop();
            _checkpoints?.End();
            Model.Card = Card();
        }
        progress?.Report(Progress());
        return new(StepsDone, _stopped, [.. _curve], Seconds) { Final = _final };
    }

    /// <summary>
    /// Measures the model as it is on a data set, such as a test set: cost, loss, accuracy, and the measures that are usual for the task
    /// (<see cref="Metrics.Metric.UsualFor"/>). Features and targets are scaled as the plan says.
    /// </summary>
    /// <param name="dataset">The data set, at least one example, with the features and targets of the training set.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <exception cref="ArgumentException">The data set is empty, or its examples are of another form than the training set's.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="InvalidOperationException">
    /// The trainer is training on another thread. A callback may measure, on the thread that trains.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The trainer has been disposed of.</exception>
    public Evaluation Measure(Dataset dataset, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        Evaluator<T> evaluator = Working.Evaluator;
        using SoleUse.Scope use = _use.Begin(mayBeWithin: true);
        return evaluator.Evaluate(dataset, evaluator.UsualFor(dataset), cancellationToken);
    }

    private void RequireCallbacks()
    {
        for (int i = 0; i < Callbacks.Count; i++)
        {
            TrainingCallback<T> callback = Callbacks[i]
                ?? throw new InvalidOperationException(
                    $"Expected a callback in each place of {nameof(Callbacks)}; found none in place {i}.");
            for (int j = 0; j < i; j++)
            {
                if (ReferenceEquals(Callbacks[j], callback))
                    throw new InvalidOperationException($"Expected each callback once; found {callback} in the places {j} and {i}.");
                if (callback.ReplacesWeights && Callbacks[j].ReplacesWeights)
                {
                    throw new InvalidOperationException(
                        $"One callback gives the model its weights at the end; found {Callbacks[j]} and {callback}, of which the second "
                        + "would undo what the first did.");
                }
            }
        }
    }

    private void MakeStep()
    {
        long begun = TrainingTelemetry.Begin();
        Batch<T> batch = Working.Loader.Next();
        _isBetweenSteps = false;
        double rate = NextRate();
        try
        {
            _lastLoss = Working.Step.Run(batch, BatchTargets.Of(batch, Plan.Loss), rate, StepsDone, _noise.Derive(StepsDone));
        }
        catch (TrainingDivergedException exception)
        {
            throw new TrainingDivergedException(exception, DivergenceCause.Of<T>(_trainingSet, "training"));
        }
        StepsDone++;
        TrainingTelemetry.Step(begun, batch.Count, _lastLoss, rate);
        if (Callbacks.Count > 0)
        {
            var report = new StepReport<T>(StepsDone, TotalSteps, rate, _lastLoss, Model, batch, Working.Step.Workspace);
            for (int i = 0; i < Callbacks.Count; i++)
                _stopped |= Callbacks[i].OnStep(report) == TrainingDecision.Stop;
        }
        _isBetweenSteps = true;
    }

    private void EvaluateIfPlanned(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        bool alreadyDone = _curve.Count > 0 && _curve[^1].Step == StepsDone;
        if (alreadyDone || !_evaluation.IncludesStep(StepsDone, TotalSteps))
            return;
        TrainingPoint point = MeasurePoint(cancellationToken);
        _isBetweenSteps = false;
        _curve.Add(point);
        TrainingTelemetry.Point(point);
        for (int i = 0; i < Callbacks.Count; i++)
            _stopped |= Callbacks[i].OnEvaluation(point, Model) == TrainingDecision.Stop;
        _isBetweenSteps = true;
        progress?.Report(Progress());
    }

    private TrainingPoint MeasurePoint(CancellationToken cancellationToken)
    {
        double rate = NextRate();
        Evaluation training = Evaluate(_measuredTrainingSet, "training", rate, cancellationToken);
        Evaluation? validation = _validationSet is null ? null : Evaluate(_validationSet, "validation", rate, cancellationToken);
        return new(StepsDone, (double)StepsDone / Working.Loader.BatchesPerEpoch, rate, training, validation);
    }

    /// <summary>What is known of the model as training has left it: see <see cref="TrainingResult.Final"/>.</summary>
    private TrainingPoint? MeasureEnd(CancellationToken cancellationToken)
    {
        if (Callbacks.Any(callback => callback.ReplacesWeights))
            return _evaluation.AtEnd ? MeasurePoint(cancellationToken) : null;
        return _curve.Count > 0 && _curve[^1].Step == StepsDone ? _curve[^1] : null;
    }

    private Evaluation Evaluate(Dataset dataset, string name, double rate, CancellationToken cancellationToken)
    {
        using Activity? activity = TrainingTelemetry.Evaluation(name, dataset.Count);
        Evaluation evaluation = Working.Evaluator.Evaluate(dataset, _evaluation.Metrics, cancellationToken);
        return double.IsFinite(evaluation.Cost)
            ? evaluation
            : throw new TrainingDivergedException(
                new($"cost on the {name} set", StepsDone, evaluation.Cost, rate), DivergenceCause.Of<T>(dataset, name));
    }

    /// <summary>The rate of the next update: the schedule's, and what the callbacks make of it.</summary>
    private double NextRate()
    {
        double rate = Plan.Schedule.RateAt(StepsDone);
        for (int i = 0; i < Callbacks.Count; i++)
            rate *= Callbacks[i].RateFactor;
        return rate;
    }

    private ModelCard Card() => TrainingCard.Of(
        Model.Card, Plan, _trainingSet.Description, Working.Evaluator.TaskOf(_trainingSet), StepsDone, TotalSteps,
        _ended && Callbacks.Any(callback => callback.ReplacesWeights) ? _final : _curve.LastOrDefault());

    private TrainingProgress Progress() =>
        new(StepsDone, TotalSteps, _lastLoss, Seconds, _curve.Count > 0 ? _curve[^1] : null);
}
