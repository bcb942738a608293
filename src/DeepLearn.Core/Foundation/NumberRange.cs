namespace DeepLearn.Foundation;

/// <summary>All numbers from one to another, both included; either may be infinite. An immutable value.</summary>
public readonly record struct NumberRange
{
    /// <summary>Makes a range.</summary>
    /// <param name="least">The least number, or minus infinity.</param>
    /// <param name="greatest">The greatest number, or infinity; at least <paramref name="least"/>.</param>
    /// <exception cref="ArgumentException">The greatest is below the least, or one of them is not a number.</exception>
    public NumberRange(double least, double greatest)
    {
        if (!(least <= greatest))
            throw new ArgumentException($"A range ends where it begins or above; found {least} and {greatest}.", nameof(greatest));
        Least = least;
        Greatest = greatest;
    }

    /// <summary>All numbers.</summary>
    public static NumberRange All { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The least number.</summary>
    public double Least { get; }

    /// <summary>The greatest number.</summary>
    public double Greatest { get; }

    /// <summary>The sums of a number of each of two ranges.</summary>
    /// <param name="left">One range.</param>
    /// <param name="right">The other one.</param>
    public static NumberRange operator +(NumberRange left, NumberRange right) => Add(left, right);

    /// <summary>The sums of a number of each of two ranges.</summary>
    /// <param name="left">One range.</param>
    /// <param name="right">The other one.</param>
    public static NumberRange Add(NumberRange left, NumberRange right) => new(left.Least + right.Least, left.Greatest + right.Greatest);

    /// <summary>What a function that never falls makes of the range.</summary>
    /// <param name="function">The function, which takes infinities too.</param>
    public NumberRange Rising(Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(function(Least), function(Greatest));
    }

    /// <summary>The least range that has a number too.</summary>
    /// <param name="number">The number.</param>
    public NumberRange With(double number) => new(Math.Min(Least, number), Math.Max(Greatest, number));

    /// <summary>The range in words: <c>from -1 to 1</c>, <c>at least 0</c>.</summary>
    public override string ToString() => (double.IsFinite(Least), double.IsFinite(Greatest)) switch
    {
        (true, true) => FormattableString.Invariant($"from {Least:g6} to {Greatest:g6}"),
        (true, false) => FormattableString.Invariant($"at least {Least:g6}"),
        (false, true) => FormattableString.Invariant($"at most {Greatest:g6}"),
        _ => "any number",
    };
}
