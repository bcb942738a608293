using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>
/// Begins with a random matrix whose columns, or rows where there are fewer of them, are orthogonal and of one length (Saxe, McClelland and
/// Ganguli, "Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks", 2013). It keeps the length of what
/// passes through, forward or backward.
/// </summary>
/// <remarks>
/// Drawn as Q of the QR decomposition of a matrix of normal numbers, with the signs that make R's diagonal positive, so that all orthogonal
/// matrices are equally likely (Mezzadri, "How to Generate Random Matrices from the Classical Compact Groups", 2007). The decomposition is
/// Gram and Schmidt's, in double, each vector made orthogonal twice (Giraud, Langou and Rozloznik, 2005: "twice is enough"). A
/// convolution's weights are orthogonal as the matrix that they are, patches by filters.
/// </remarks>
/// <example><code>var layer = new Dense(50) { Weights = new OrthogonalInitializer(gain: Math.Sqrt(2)) };</code></example>
public sealed record OrthogonalInitializer : Initializer
{
    /// <summary>Sets the length of the rows or columns.</summary>
    /// <param name="gain">The length of each row or column, finite and above 0; default 1. Before a ReLU, the square root of 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gain"/> is not finite, or not above 0.</exception>
    public OrthogonalInitializer(double gain = 1)
    {
        if (!double.IsFinite(gain) || gain <= 0)
            throw new ArgumentOutOfRangeException(nameof(gain), gain, "The gain of an orthogonal matrix is finite and above 0.");
        Gain = gain;
    }

    /// <summary>The length of each row or column.</summary>
    public double Gain { get; }

    /// <inheritdoc/>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
    {
        bool isWide = destination.Columns > destination.Rows;
        int count = isWide ? destination.Rows : destination.Columns;
        int length = isWide ? destination.Columns : destination.Rows;
        var vectors = new double[count][];
        var normal = new NormalStream(key);
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new double[length];
            Draw(ref normal, vectors.AsSpan(0, i), vectors[i]);
        }
        for (int row = 0; row < destination.Rows; row++)
        {
            Span<T> to = destination.Row(row);
            for (int column = 0; column < to.Length; column++)
                to[column] = T.CreateChecked(Gain * (isWide ? vectors[row][column] : vectors[column][row]));
        }
    }

    /// <summary>A random vector of length 1 that is orthogonal to those before it.</summary>
    private static void Draw(ref NormalStream normal, ReadOnlySpan<double[]> before, double[] vector)
    {
        double kept;
        do
        {
            for (int j = 0; j < vector.Length; j++)
                vector[j] = normal.Next();
            double drawn = Math.Sqrt(Dot(vector, vector));
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (double[] other in before)
                {
                    double share = Dot(vector, other);
                    for (int j = 0; j < vector.Length; j++)
                        vector[j] -= share * other[j];
                }
            }
            double length = Math.Sqrt(Dot(vector, vector));
            kept = length / drawn;
            for (int j = 0; j < vector.Length; j++)
                vector[j] /= length;
        }
        while (!(kept > 1e-6)); // as good as in the span of the others, which does not happen: draw again rather than divide by noise
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int j = 0; j < left.Length; j++)
            sum += left[j] * right[j];
        return sum;
    }
}
