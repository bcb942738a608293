using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Parameters;

/// <summary>Begins with numbers that are given: filters that were computed from the data, or made by hand. An immutable value.</summary>
/// <remarks>It prints its shape and the first digits of the SHA-256 of its numbers.</remarks>
/// <example><code>
/// // Weights of a dense layer are [inputs, units].
/// var layer = new Dense(2) { Weights = new GivenInitializer(3, 2, [1, 0, 0, 1, 0.5, 0.5]) };
/// Model&lt;float&gt; model = layer.Build&lt;float&gt;(inputShape: 3, seed: 1);
/// Console.WriteLine(string.Join(" ", model.Predict(Matrix&lt;float&gt;.FromArray(new float[,] { { 1, 2, 3 } })).Row(0).ToArray()));
/// // prints 2.5 3.5
/// </code></example>
public sealed record GivenInitializer : Initializer
{
    /// <summary>Takes numbers.</summary>
    /// <param name="rows">The number of rows of the parameter, at least 1.</param>
    /// <param name="columns">The number of its columns, at least 1.</param>
    /// <param name="values">The numbers, finite, row by row.</param>
    /// <exception cref="ArgumentException">There are not as many as rows times columns, or one is not finite.</exception>
    public GivenInitializer(int rows, int columns, ValueList<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != (long)rows * columns)
        {
            throw new ArgumentException(
                $"A parameter [{rows}, {columns}] has {(long)rows * columns} numbers; found {values.Count}.", nameof(values));
        }
        foreach (double value in values.AsSpan())
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A parameter begins with finite numbers; found {value}."), nameof(values));
            }
        }
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    /// <summary>The number of rows of the parameter, at least 1.</summary>
    public int Rows { get; }

    /// <summary>The number of its columns, at least 1.</summary>
    public int Columns { get; }

    /// <summary>The numbers, row by row.</summary>
    public ValueList<double> Values { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameter has another shape. Nothing has been written then.</exception>
    public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
    {
        if (destination.Rows != Rows || destination.Columns != Columns)
        {
            throw new ArgumentException(
                $"The numbers that are given are those of a parameter [{Rows}, {Columns}]; found one of [{destination.Rows}, "
                + $"{destination.Columns}].", nameof(destination));
        }
        ReadOnlySpan<double> values = Values.AsSpan();
        for (int row = 0; row < Rows; row++)
        {
            Span<T> to = destination.Row(row);
            for (int column = 0; column < to.Length; column++)
                to[column] = T.CreateChecked(values[(row * Columns) + column]);
        }
    }

    /// <summary>The shape and the first digits of the SHA-256, as in <c>given [12, 24] 1f0c5e9a</c>.</summary>
    public override string ToString()
    {
        byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes(Values.AsSpan()));
        return string.Create(CultureInfo.InvariantCulture, $"given [{Rows}, {Columns}] {Convert.ToHexStringLower(hash.AsSpan(0, 4))}");
    }
}
