using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;

namespace DeepLearn.Training;

/// <summary>
/// Everything that decides what training does to a model, besides the model and the data: an immutable value, to be varied with
/// <c>with</c>.
/// </summary>
/// <example><code>
/// var plan = new TrainingPlan
/// {
///     Schedule = new TriangularSchedule(minimum: 1e-5, maximum: 1e-1, stepSize: 500),
///     Length = TrainingLength.Cycles(2),
///     Regularizer = new L2(0.01),
///     Normalization = Normalization.PerFeature(training),
/// };
/// TrainingPlan adam = plan with { Optimizer = new Adam(), Schedule = 0.001, Length = TrainingLength.Epochs(10) };
/// </code></example>
public sealed record TrainingPlan
{
    /// <summary>The learning rate as a function of the step.</summary>
    public required LearningRateSchedule Schedule { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>How long training lasts.</summary>
    public required TrainingLength Length { get; init => field = PropertyGuard.NotNull(value); }

    /// <summary>The loss that training minimizes. Default: <see cref="SoftmaxCrossEntropy"/>, for several classes.</summary>
    public Loss Loss { get; init => field = PropertyGuard.NotNull(value); } = new SoftmaxCrossEntropy();

    /// <summary>
    /// The loss that evaluations measure; null, the default, for <see cref="Loss"/>. Another one is of use where the training loss is not
    /// what counts, as with label smoothing or class weights.
    /// </summary>
    public Loss? EvaluationLoss { get; init; }

    /// <summary>The penalty that is added to the loss. Default: none.</summary>
    public Regularizer Regularizer { get; init => field = PropertyGuard.NotNull(value); } = Regularizer.None;

    /// <summary>How a gradient changes the parameters. Default: plain gradient descent.</summary>
    public Optimizer Optimizer { get; init => field = PropertyGuard.NotNull(value); } = new Sgd();

    /// <summary>
    /// What is different for some of the parameters: which are frozen, at which rate, with which decay or by which other optimizer they are
    /// updated. The first rule whose selection includes a parameter decides about it. Default: none. A rule that decides about no parameter
    /// is refused when the trainer is made.
    /// </summary>
    public ValueList<ParameterRule> Parameters { get; init => field = PropertyGuard.NotNull(value); } = ValueList<ParameterRule>.Empty;

    /// <summary>The number of examples of a batch, at least 1. Default 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(BatchSize));
            field = value;
        }
    } = 100;

    /// <summary>The seed of the order of examples, of augmentation and of dropout. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The mean and standard deviation that each feature is normalized by, in training and evaluation. Default null: features are taken as
    /// they are.
    /// </summary>
    public Normalization? Normalization { get; init; }

    /// <summary>
    /// How the targets of a regression are brought to a common scale, fitted on the training set alone:
    /// <see cref="Normalization.OfTargets"/>; null, the default, leaves them as they are. The network then learns numbers around 0,
    /// whatever the unit. Losses are those of the scaled targets; metrics are in the targets' own unit, and a prediction is
    /// <c>output * standard deviation + mean</c>.
    /// </summary>
    public Normalization? TargetScaling { get; init; }

    /// <summary>The random change of training images; null, the default, for none.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    /// <summary>Whether a last batch of an epoch that is smaller than the others is left out. Default false.</summary>
    public bool DropLast { get; init; }

    /// <summary>
    /// How many batches are made ahead of time on a thread of their own; at least 0. It changes no bit. Default 0: each batch is made when
    /// it is needed. It pays where a batch takes long to make, as with augmentation. Where the trainer's workers are as many as the
    /// processors, there is no processor for that thread, and all workers make each batch when it is needed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int Prefetch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Prefetch));
            field = value;
        }
    }

    /// <summary>When cost, loss and accuracy are measured. Default: at the end alone.</summary>
    public EvaluationPlan Evaluation { get; init => field = PropertyGuard.NotNull(value); } = new();

    /// <summary>The optimizer under the rules for the parameters.</summary>
    internal Optimizer RuledOptimizer => Optimizer.WithRules(Parameters);

    internal BatchLoaderOptions LoaderOptions => new()
    {
        Normalization = Normalization,
        TargetScaling = TargetScaling,
        Augmentation = Augmentation,
        DropLast = DropLast,
        Prefetch = Prefetch,
    };
}
