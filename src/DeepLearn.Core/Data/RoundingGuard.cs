using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// Finds columns of numbers that the precision of a data set would spoil: beyond its range, or so close together that it merges them.
/// </summary>
/// <typeparam name="T">The precision of the data set.</typeparam>
internal sealed class RoundingGuard<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Of the spread of a column: what is lost to rounding is then at most a thousandth of it.
    private const double MostLost = 1.0 / 1024;

    private readonly double[] _least, _most, _lost;

    /// <summary>Begins with no row.</summary>
    /// <param name="columns">The number of columns.</param>
    public RoundingGuard(int columns)
    {
        _least = new double[columns];
        _most = new double[columns];
        _lost = new double[columns];
        Array.Fill(_least, double.PositiveInfinity);
        Array.Fill(_most, double.NegativeInfinity);
    }

    /// <summary>Looks at a row.</summary>
    /// <param name="numbers">A number of each column; NaN where one is missing.</param>
    /// <param name="place">Names the place of a column's number.</param>
    /// <exception cref="InvalidDataException">A number is beyond the range.</exception>
    public void Add(ReadOnlySpan<double> numbers, Func<int, string> place)
    {
        if (typeof(T) == typeof(double))
            return;
        for (int i = 0; i < numbers.Length; i++)
        {
            double number = numbers[i];
            if (!double.IsFinite(number))
                continue;
            double rounded = double.CreateTruncating(T.CreateTruncating(number));
            if (double.IsInfinity(rounded))
                throw new InvalidDataException($"{place(i)}: the number {number:R} is beyond the range of {TypeNames.Of<T>()}.");
            _least[i] = Math.Min(_least[i], number);
            _most[i] = Math.Max(_most[i], number);
            _lost[i] = Math.Max(_lost[i], Math.Abs(number - rounded));
        }
    }

    /// <summary>Throws where a column would be spoiled.</summary>
    /// <param name="place">Names a column.</param>
    /// <exception cref="InvalidDataException">The numbers of a column would be merged.</exception>
    public void Require(Func<int, string> place)
    {
        for (int i = 0; i < _lost.Length; i++)
        {
            if (!(_most[i] > _least[i]) || _lost[i] <= MostLost * (_most[i] - _least[i]))
                continue;
            throw new InvalidDataException(
                $"{place(i)}: its numbers, from {_least[i]:R} to {_most[i]:R}, are so close together that {TypeNames.Of<T>()} would merge "
                + "them. Make the examples at double; a model of any precision learns from them.");
        }
    }
}
