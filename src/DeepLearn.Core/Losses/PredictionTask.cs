namespace DeepLearn.Losses;

/// <summary>
/// What a network predicts, by its loss and the targets: the kind of task, and the number of outputs. <see cref="Loss.TaskOf"/> gives it,
/// and metrics look at it. An immutable value.
/// </summary>
public sealed record PredictionTask
{
    private PredictionTask(TaskKind kind, int outputs)
    {
        Kind = kind;
        Outputs = outputs;
    }

    /// <summary>One of two classes by one output.</summary>
    public static PredictionTask Binary { get; } = new(TaskKind.Binary, 1);

    /// <summary>The kind of task.</summary>
    public TaskKind Kind { get; }

    /// <summary>The number of outputs, at least 1.</summary>
    public int Outputs { get; }

    /// <summary>The number of classes, of which an example has exactly one; 0 for multilabel tasks and for regression.</summary>
    public int Classes => Kind switch { TaskKind.Binary => 2, TaskKind.Multiclass => Outputs, _ => 0 };

    /// <summary>One of several classes.</summary>
    /// <param name="classes">The number of classes, which is that of the outputs; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 2.</exception>
    public static PredictionTask Multiclass(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        return new(TaskKind.Multiclass, classes);
    }

    /// <summary>Any number of labels at once.</summary>
    /// <param name="labels">The number of labels, which is that of the outputs; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="labels"/> is below 1.</exception>
    public static PredictionTask Multilabel(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        return new(TaskKind.Multilabel, labels);
    }

    /// <summary>Numbers.</summary>
    /// <param name="outputs">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outputs"/> is below 1.</exception>
    public static PredictionTask Regression(int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return new(TaskKind.Regression, outputs);
    }

    /// <summary>What it is in words, for messages: <c>a classification into 10 classes</c>.</summary>
    public override string ToString() => Kind switch
    {
        TaskKind.Binary => "a classification into 2 classes by 1 output",
        TaskKind.Multiclass => FormattableString.Invariant($"a classification into {Outputs} classes"),
        TaskKind.Multilabel => FormattableString.Invariant($"a choice of any of {Outputs} {(Outputs == 1 ? "label" : "labels")}"),
        _ => FormattableString.Invariant($"a regression of {Outputs} {(Outputs == 1 ? "number" : "numbers")}"),
    };
}
