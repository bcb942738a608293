namespace DeepLearn.Search.Spaces;

/// <summary>A dimension whose values have a type: <see cref="SearchPoint.Value{TValue}"/> gives them without a name to mistype.</summary>
/// <typeparam name="TValue">The type of a value, as an objective wants it.</typeparam>
public abstract record Dimension<TValue> : Dimension
{
    /// <summary>Makes a dimension.</summary>
    /// <param name="name">The hyper-parameter's name, not empty.</param>
    /// <exception cref="ArgumentException">The name is empty, or has half a surrogate pair.</exception>
    protected Dimension(string name)
        : base(name)
    {
    }

    /// <summary>A value in its own type.</summary>
    /// <param name="value">A value of this dimension.</param>
    /// <exception cref="InvalidOperationException">It is not of this dimension's kind.</exception>
    public abstract TValue Read(ParameterValue value);
}
