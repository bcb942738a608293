using System.Collections;
using System.Runtime.CompilerServices;

namespace DeepLearn.Foundation;

/// <summary>
/// An immutable list with value equality: two lists are equal when their elements are. A record that holds one is still a value.
/// </summary>
/// <typeparam name="TItem">The type of an element.</typeparam>
/// <example><code>
/// ValueList&lt;string&gt; names = ["setosa", "versicolor"];
/// Console.WriteLine(names.Equals(ValueList.Create("setosa", "versicolor")));    // prints True
/// </code></example>
[CollectionBuilder(typeof(ValueList), nameof(ValueList.Create))]
public sealed class ValueList<TItem> : IReadOnlyList<TItem>, IEquatable<ValueList<TItem>>
{
    private readonly TItem[] _items;

    internal ValueList(TItem[] items) => _items = items;

    /// <summary>The list without elements.</summary>
    public static ValueList<TItem> Empty { get; } = new([]);

    /// <summary>The number of elements.</summary>
    public int Count => _items.Length;

    /// <summary>The element at a position.</summary>
    /// <param name="index">The position, from 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public TItem this[int index] => (uint)index < (uint)_items.Length
        ? _items[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index,
            _items.Length == 0 ? "The list is empty." : $"A position in a list of {_items.Length} is from 0 to {_items.Length - 1}.");

    /// <summary>The elements in order, without a copy.</summary>
    public ReadOnlySpan<TItem> AsSpan() => _items;

    /// <inheritdoc/>
    public bool Equals(ValueList<TItem>? other) =>
        other is not null && (ReferenceEquals(_items, other._items) || _items.AsSpan().SequenceEqual(other._items));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ValueList<TItem>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (TItem item in _items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<TItem> GetEnumerator() => ((IEnumerable<TItem>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The elements between brackets, as in <c>[1, 2, 3]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _items)}]";
}

/// <summary>Makes <see cref="ValueList{TItem}"/>s.</summary>
public static class ValueList
{
    /// <summary>A list of the given elements, which are copied.</summary>
    /// <typeparam name="TItem">The type of an element.</typeparam>
    /// <param name="items">The elements, none of them null.</param>
    /// <exception cref="ArgumentException">One is null.</exception>
    public static ValueList<TItem> Create<TItem>(params ReadOnlySpan<TItem> items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] is null)
            {
                throw new ArgumentException(
                    $"The elements of a list are not null; found null at position {i} of {items.Length}.", nameof(items));
            }
        }
        return items.IsEmpty ? ValueList<TItem>.Empty : new(items.ToArray());
    }
}
