using DeepLearn.Foundation;

namespace DeepLearn.Search.Spaces;

/// <summary>The hyper-parameters of a search and the values they may take. An immutable value.</summary>
public sealed record SearchSpace
{
    /// <summary>A space.</summary>
    /// <param name="dimensions">The dimensions, at least one, each with a name of its own.</param>
    /// <exception cref="ArgumentException">There is none, or a name comes twice.</exception>
    public SearchSpace(params ReadOnlySpan<Dimension> dimensions)
    {
        if (dimensions.IsEmpty)
            throw new ArgumentException("A search space has at least one dimension; found none.", nameof(dimensions));
        var seen = new HashSet<string>();
        foreach (Dimension dimension in dimensions)
        {
            ArgumentNullException.ThrowIfNull(dimension, nameof(dimensions));
            if (!seen.Add(dimension.Name))
                throw new ArgumentException($"Each dimension has a name of its own; found \"{dimension.Name}\" twice.", nameof(dimensions));
        }
        Dimensions = ValueList.Create(dimensions);
    }

    /// <summary>The dimensions in order.</summary>
    public ValueList<Dimension> Dimensions { get; }

    /// <summary>The dimension of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public Dimension this[string name] =>
        Dimensions.FirstOrDefault(d => d.Name == name)
        ?? throw new ArgumentException(
            $"Expected one of the hyper-parameters {string.Join(", ", Dimensions.Select(d => $"\"{d.Name}\""))}; found \"{name}\".",
            nameof(name));

    /// <summary>The same space with another range for one of its hyper-parameters.</summary>
    /// <param name="dimension">The range, under the name of the dimension that it replaces.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public SearchSpace With(Dimension dimension)
    {
        ArgumentNullException.ThrowIfNull(dimension);
        _ = this[dimension.Name];
        return new SearchSpace([.. Dimensions.Select(d => d.Name == dimension.Name ? dimension : d)]);
    }

    /// <summary>The point whose values a function gives.</summary>
    /// <param name="choose">Gives the value of a dimension; called for each one in order.</param>
    /// <exception cref="ArgumentException">A value does not belong to its dimension.</exception>
    public SearchPoint Point(Func<Dimension, ParameterValue> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        var parameters = new NamedValue[Dimensions.Count];
        for (int i = 0; i < parameters.Length; i++)
        {
            Dimension dimension = Dimensions[i];
            ParameterValue value = choose(dimension);
            if (!dimension.Contains(value))
            {
                throw new ArgumentException(
                    $"Expected a value of \"{dimension.Name}\", {dimension.Description}; found {value}.", nameof(choose));
            }
            parameters[i] = new NamedValue(dimension.Name, value);
        }
        return new SearchPoint(parameters);
    }

    /// <summary>Whether a point has this space's names, in this order, and values that belong to their dimensions.</summary>
    /// <param name="point">The point.</param>
    public bool Contains(SearchPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.Parameters.Count == Dimensions.Count
            && Dimensions.Zip(point.Parameters).All(pair => pair.First.Name == pair.Second.Name && pair.First.Contains(pair.Second.Value));
    }

    /// <summary>The dimensions, as in <c>lambda: log-uniform 1E-05..0.1; hidden: integer 10..100</c>.</summary>
    public override string ToString() => string.Join("; ", Dimensions);
}
