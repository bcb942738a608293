using System.Globalization;

namespace DeepLearn.Search.Spaces;

/// <summary>
/// A whole number in a range, both ends included, all equally likely: <c>minimum + step floor(u n)</c> of the n numbers <c>minimum, minimum
/// + step, ...</c> that are not above the maximum.
/// </summary>
/// <example><code>var units = new IntegerDimension("units", 16, 128, step: 16);</code></example>
public sealed record IntegerDimension : IndexedDimension<int>
{
    /// <summary>Makes a whole-numbered dimension.</summary>
    /// <param name="name">The hyper-parameter's name.</param>
    /// <param name="minimum">The lowest value.</param>
    /// <param name="maximum">The highest value, at least <paramref name="minimum"/>; lowered to the last one that the step reaches.</param>
    /// <param name="step">The distance of two values, at least 1. Default: 1.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maximum"/> is below <paramref name="minimum"/>, or <paramref name="step"/> below 1.
    /// </exception>
    public IntegerDimension(string name, int minimum, int maximum, int step = 1)
        : base(name)
    {
        RequireRange(minimum, maximum);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        Minimum = minimum;
        Step = step;
        Maximum = (int)(minimum + (((long)maximum - minimum) / step * step));
    }

    /// <summary>The lowest value.</summary>
    public int Minimum { get; }

    /// <summary>The highest value.</summary>
    public int Maximum { get; }

    /// <summary>The distance of two values.</summary>
    public int Step { get; }

    /// <inheritdoc/>
    public override string Description => Step == 1
        ? string.Create(CultureInfo.InvariantCulture, $"integer {Minimum}..{Maximum}")
        : string.Create(CultureInfo.InvariantCulture, $"integer {Minimum}..{Maximum} by {Step}");

    /// <inheritdoc/>
    protected override long Count => (((long)Maximum - Minimum) / Step) + 1;

    /// <inheritdoc/>
    public override int Read(ParameterValue value) => (int)NumberOf(value);

    /// <inheritdoc/>
    protected override ParameterValue ValueAt(long index) => new(Minimum + ((double)index * Step));

    /// <inheritdoc/>
    protected override long NearestIndex(ParameterValue value) =>
        (long)Math.Floor(((Math.Clamp(NumberOf(value), Minimum, Maximum) - Minimum) / Step) + 0.5);

    /// <inheritdoc/>
    protected override Dimension Part(long first, long last) =>
        new IntegerDimension(Name, (int)ValueAt(first).Number, (int)ValueAt(last).Number, Step);
}
