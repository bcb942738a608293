using DeepLearn.Foundation;

namespace DeepLearn.Search.Spaces;

/// <summary>
/// When a hyper-parameter exists: only in points in which another one exists and has one of given values. An immutable value.
/// </summary>
public sealed record Condition
{
    /// <summary>Makes a condition.</summary>
    /// <param name="parent">The name of the other hyper-parameter.</param>
    /// <param name="values">Its values, at least one.</param>
    /// <exception cref="ArgumentException">The name is empty, or there is no value.</exception>
    public Condition(string parent, params ParameterValue[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentException.ThrowIfNullOrEmpty(parent);
        if (values.Length == 0)
            throw new ArgumentException("A condition has at least one value; found none.", nameof(values));
        Parent = parent;
        Values = ValueList.Create(values);
    }

    /// <summary>The name of the other hyper-parameter.</summary>
    public string Parent { get; }

    /// <summary>The values of it with which the conditional one is there.</summary>
    public ValueList<ParameterValue> Values { get; }

    /// <summary>Whether a value of the other hyper-parameter is one of them.</summary>
    /// <param name="value">The value; null if the other one is not there itself.</param>
    public bool IsMetBy(ParameterValue? value) => value is { } found && Values.Contains(found);

    /// <summary>The condition in words, as in <c>optimizer is "adam" or "rmsprop"</c>.</summary>
    public override string ToString() =>
        $"{Parent} is {string.Join(" or ", Values.Select(value => value.IsNumber ? value.ToString() : $"\"{value}\""))}";
}
