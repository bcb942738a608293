namespace DeepLearn.Search.Spaces;

/// <summary>A hyper-parameter's name and its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value.</param>
public readonly record struct NamedValue(string Name, ParameterValue Value)
{
    /// <summary>Name and value, as in <c>lambda = 0.001</c>.</summary>
    public override string ToString() => $"{Name} = {Value}";
}
