using System.Text.Json.Serialization;

namespace DeepLearn.Losses;

/// <summary>What a network's outputs say about an example. It decides which metrics have a meaning. In JSON it is its name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskKind>))]
public enum TaskKind
{
    /// <summary>One of two classes, by one output: the score of class 1 against class 0, whose sigmoid is the probability.</summary>
    Binary,

    /// <summary>One of several classes, by one score for each.</summary>
    Multiclass,

    /// <summary>Any number of labels at once: one score for each, whose sigmoid is its probability.</summary>
    Multilabel,

    /// <summary>Numbers.</summary>
    Regression,
}
