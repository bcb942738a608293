using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// A measure of how well outputs fit targets, taken over any number of batches. An immutable value;
/// <see cref="CreateAccumulator(PredictionTask)"/> makes the runtime that takes it.
/// </summary>
/// <example><code>
/// TrainingPlan measured = plan with { Evaluation = new() { Metrics = [new Accuracy(), new WorstRecall()] } };
///
/// // A metric of your own: the recall of the class that is found least.
/// sealed record WorstRecall : Metric
/// {
///     public override string Name => "worst recall";
///
///     public override bool HigherIsBetter => true;
///
///     public override bool AppliesTo(PredictionTask task) => task.Kind == TaskKind.Multiclass;
///
///     protected override MetricAccumulator Create(PredictionTask task) =>
///         new ConfusionMatrixAccumulator(task, matrix => Enumerable.Range(0, matrix.Classes).Min(matrix.Recall));
/// }
/// </code></example>
public abstract record Metric
{
    /// <summary>What it is called in tables and logs.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a larger value is a better one.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>The measures that are usual for a task.</summary>
    /// <param name="task">What is predicted.</param>
    /// <returns>
    /// Two classes and several labels: accuracy, precision, recall, F1, ROC AUC, log loss. Several classes: accuracy, the averages of
    /// precision, recall and F1, log loss. Numbers: mean absolute error, root mean squared error, R².
    /// </returns>
    public static ValueList<Metric> UsualFor(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind == TaskKind.Regression ? [new Mae(), new Rmse(), new RSquared()]
            : TwoClasses.IsOf(task) ? [new Accuracy(), new PrecisionScore(), new RecallScore(), new F1Score(), new RocAuc(), new LogLoss()]
            : [new Accuracy(), new MacroPrecision(), new MacroRecall(), new MacroF1(), new LogLoss()];
    }

    /// <summary>Whether the measure means anything for a task.</summary>
    /// <param name="task">What is predicted.</param>
    public abstract bool AppliesTo(PredictionTask task);

    /// <summary>Makes the runtime that takes the measure, at the beginning.</summary>
    /// <param name="task">What is predicted.</param>
    /// <exception cref="ArgumentException">The measure has no meaning for the task.</exception>
    public MetricAccumulator CreateAccumulator(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (!AppliesTo(task))
            throw new ArgumentException($"The metric \"{Name}\" has no meaning for this task; found {task}.", nameof(task));
        return Create(task);
    }

    /// <summary>Makes the runtime that takes the measure of one of several classes, at the beginning.</summary>
    /// <param name="classes">The number of classes, which is the number of outputs; at least 2.</param>
    /// <exception cref="ArgumentException">The number of classes is too small for it, or the measure is not one of classes.</exception>
    public MetricAccumulator CreateAccumulator(int classes) => CreateAccumulator(PredictionTask.Multiclass(classes));

    /// <summary>Makes the runtime, at the beginning, for a task that the measure applies to.</summary>
    /// <param name="task">What is predicted.</param>
    protected abstract MetricAccumulator Create(PredictionTask task);

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes the name, and which values are better.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Append(PartText.AppendType(this, builder) ? ", " : "");
        builder.Append("Name = ").Append(Name).Append(", HigherIsBetter = ").Append(HigherIsBetter);
        return true;
    }
}
