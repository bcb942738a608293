using DeepLearn.Foundation;
using DeepLearn.Kernels;

namespace DeepLearn.Parameters;

/// <summary>
/// Standard normal numbers by the polar method (Marsaglia and Bray, "A Convenient Method for Generating Normal Variables", 1964), with the
/// library's own logarithm, so that they are the same on every machine.
/// </summary>
/// <remarks>A mutable value: a copy repeats what the original goes on to give.</remarks>
public struct NormalStream
{
    private RandomStream _stream;
    private double _spare;
    private bool _hasSpare;

    /// <summary>The stream of a key, at its start.</summary>
    /// <param name="key">The name of the random numbers.</param>
    public NormalStream(RandomKey key) => _stream = key.Open();

    /// <summary>A number of mean 0 and standard deviation 1.</summary>
    public double Next()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }
        double x, y, square;
        do
        {
            x = (2 * _stream.NextUniform()) - 1;
            y = (2 * _stream.NextUniform()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);
        double factor = Math.Sqrt(-2 * VectorMath.Log(square) / square);
        _spare = y * factor;
        _hasSpare = true;
        return x * factor;
    }
}
