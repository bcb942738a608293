namespace DeepLearn.Benchmarks.Columns;

/// <summary>
/// Says of a benchmark how much work one call is, for the throughput columns: so much per item, and as many items as the named
/// parameters multiply to. <c>[Work(1, 2, nameof(Length))]</c> is one operation and two elements of traffic for each of
/// <c>Length</c> items; <c>[Work(1, 1, nameof(Rows), nameof(Columns))]</c> has <c>Rows</c> times <c>Columns</c> of them.
/// </summary>
/// <param name="operationsPerItem">The floating-point operations for an item; 0 where they are not what is counted.</param>
/// <param name="elementsPerItem">The elements read and written for an item: 2 for one operand and a result.</param>
/// <param name="parameters">The whole-number parameters that give the number of items together.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkAttribute(double operationsPerItem, double elementsPerItem, params string[] parameters) : Attribute
{
    /// <summary>The floating-point operations for an item.</summary>
    public double OperationsPerItem => operationsPerItem;

    /// <summary>The elements read and written for an item.</summary>
    public double ElementsPerItem => elementsPerItem;

    /// <summary>The parameters that give the number of items.</summary>
    public IReadOnlyList<string> Parameters => parameters;
}
