using System.Globalization;

namespace DeepLearn.Tensors;

/// <summary>
/// The extents of one example: <c>[features]</c> for a vector, <c>[height, width, channels]</c> for an image, channels last. An immutable
/// value; two shapes are equal when all their extents are.
/// </summary>
/// <example><code>
/// var shape = new Shape(32, 32, 3);
/// Console.WriteLine($"{shape}: {shape.Count} numbers");    // prints [32, 32, 3]: 3072 numbers
/// </code></example>
public sealed class Shape : IEquatable<Shape>
{
    private readonly int[] _extents;

    /// <summary>Makes a shape of the given extents.</summary>
    /// <param name="extents">At least one, each at least 1; their product at most <see cref="int.MaxValue"/>.</param>
    /// <exception cref="ArgumentException">There is no extent, one is below 1, or the product is too large.</exception>
    public Shape(params int[] extents)
    {
        ArgumentNullException.ThrowIfNull(extents);
        if (extents.Length == 0)
            throw new ArgumentException("A shape needs at least one extent; found none.", nameof(extents));
        long count = 1;
        foreach (int extent in extents)
        {
            if (extent < 1)
                throw new ArgumentException($"Every extent of a shape is at least 1; found {Format(extents)}.", nameof(extents));
            count *= extent;
            if (count > int.MaxValue)
                throw new ArgumentException($"A shape has at most {int.MaxValue} elements; found {Format(extents)}.", nameof(extents));
        }
        _extents = extents.ToArray();
        Count = (int)count;
    }

    /// <summary>The number of elements: the product of the extents.</summary>
    public int Count { get; }

    /// <summary>The number of extents.</summary>
    public int Rank => _extents.Length;

    /// <summary>The extent along an axis.</summary>
    /// <param name="axis">The axis, from 0 to <see cref="Rank"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => (uint)axis < (uint)_extents.Length
        ? _extents[axis]
        : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"An axis of {this} is from 0 to {Rank - 1}.");

    /// <summary>The extents in order.</summary>
    public ReadOnlySpan<int> Extents => _extents;

    /// <summary>The shape of a vector.</summary>
    /// <param name="features">The number of elements, at least 1.</param>
    public static implicit operator Shape(int features) => new(features);

    /// <summary>Whether two shapes have the same extents.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">The other shape.</param>
    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two shapes differ in an extent.</summary>
    /// <param name="left">One shape.</param>
    /// <param name="right">The other shape.</param>
    public static bool operator !=(Shape? left, Shape? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _extents.AsSpan().SequenceEqual(other._extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int extent in _extents)
            hash.Add(extent);
        return hash.ToHashCode();
    }

    /// <summary>The extents between brackets, as in <c>[32, 32, 3]</c>.</summary>
    public override string ToString() => Format(_extents);

    private static string Format(ReadOnlySpan<int> extents)
    {
        var texts = new string[extents.Length];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = extents[i].ToString(CultureInfo.InvariantCulture);
        return $"[{string.Join(", ", texts)}]";
    }
}
