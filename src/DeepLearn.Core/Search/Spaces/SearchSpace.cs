using DeepLearn.Foundation;

namespace DeepLearn.Search.Spaces;

/// <summary>The hyper-parameters of a search and the values they may take. An immutable value.</summary>
/// <example><code>
/// var space = new SearchSpace(
///     new LogUniformDimension("rate", 1e-4, 1e-1),
///     new IntegerDimension("units", 10, 100),
///     new CategoricalDimension("optimizer", "sgd", "adam"),
///     new UniformDimension("momentum", 0, 0.99).When("optimizer", "sgd"));
/// </code></example>
public sealed record SearchSpace
{
    /// <summary>Makes a space.</summary>
    /// <param name="dimensions">The dimensions, at least one, each with a name of its own.</param>
    /// <exception cref="ArgumentException">
    /// There is none, a name comes twice, or a condition is on a dimension that does not stand before its own, or on a value that it has
    /// not.
    /// </exception>
    public SearchSpace(params Dimension[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Length == 0)
            throw new ArgumentException("A search space has at least one dimension; found none.", nameof(dimensions));
        var seen = new HashSet<string>();
        foreach (Dimension dimension in dimensions)
        {
            ArgumentNullException.ThrowIfNull(dimension, nameof(dimensions));
            if (!seen.Add(dimension.Name))
                throw new ArgumentException($"Each dimension has a name of its own; found \"{dimension.Name}\" twice.", nameof(dimensions));
        }
        for (int i = 0; i < dimensions.Length; i++)
        {
            if (dimensions[i].Condition is { } condition)
                RequireParent(dimensions[i], condition, dimensions[..i]);
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
    /// <param name="choose">
    /// Gives the value of a dimension; called in order, for each one whose condition is met by the values before it.
    /// </param>
    /// <exception cref="ArgumentException">A value does not belong to its dimension.</exception>
    public SearchPoint Point(Func<Dimension, ParameterValue> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        var parameters = new List<NamedValue>(Dimensions.Count);
        foreach (Dimension dimension in Dimensions)
        {
            if (!dimension.IsActive(parameters))
                continue;
            ParameterValue value = choose(dimension);
            if (!dimension.Contains(value))
            {
                throw new ArgumentException(
                    $"Expected a value of \"{dimension.Name}\", {dimension.Description}; found {value}.", nameof(choose));
            }
            parameters.Add(new NamedValue(dimension.Name, value));
        }
        return new SearchPoint([.. parameters]);
    }

    /// <summary>
    /// Whether a point has the names of this space whose conditions are met, in this order and no others, and values that belong to them.
    /// </summary>
    /// <param name="point">The point.</param>
    public bool Contains(SearchPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        int next = 0;
        foreach (Dimension dimension in Dimensions)
        {
            if (!dimension.IsActive(point.Parameters))
                continue;
            if (next == point.Parameters.Count || point.Parameters[next].Name != dimension.Name)
                return false;
            if (!dimension.Contains(point.Parameters[next].Value))
                return false;
            next++;
        }
        return next == point.Parameters.Count;
    }

    /// <summary>The dimensions, as in <c>lambda: log-uniform 1E-05..0.1; hidden: integer 10..100</c>.</summary>
    public override string ToString() => string.Join("; ", Dimensions);

    private static void RequireParent(Dimension dimension, Condition condition, ReadOnlySpan<Dimension> before)
    {
        foreach (Dimension parent in before)
        {
            if (parent.Name != condition.Parent)
                continue;
            foreach (ParameterValue value in condition.Values)
            {
                if (!parent.Contains(value))
                {
                    throw new ArgumentException(
                        $"\"{dimension.Name}\" is there when {condition}; expected values of {parent}, found {value}.", "dimensions");
                }
            }
            return;
        }
        throw new ArgumentException(
            $"\"{dimension.Name}\" is there when {condition}; expected \"{condition.Parent}\" before it in the space, found "
            + "none.", "dimensions");
    }
}
