namespace DeepLearn.Data;

// The door for examples that stand as bytes in memory.
public abstract partial class Dataset
{
    /// <summary>
    /// Whether every example stands as bytes in memory, <c>ExampleShape.Count</c> of them one after the other, each of which stands for the
    /// number that it is. Then a model whose first layer reads bytes reads them there. By default they do not.
    /// </summary>
    public virtual bool HoldsBytes => false;

    /// <summary>The bytes of one example, where the data set <see cref="HoldsBytes"/>. Valid as long as the data set.</summary>
    /// <param name="index">The example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    /// <exception cref="NotSupportedException">The data set does not hold bytes.</exception>
    /// <exception cref="InvalidOperationException">The data set returns more or fewer bytes than an example has features.</exception>
    public ReadOnlyMemory<byte> Bytes(int index)
    {
        if ((uint)index >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(index), $"An example's index is from 0 to {Count - 1}; found {index}.");
        ReadOnlyMemory<byte> bytes = BytesCore(index);
        if (bytes.Length != ExampleShape.Count)
        {
            throw new InvalidOperationException(
                $"An example of shape {ExampleShape} has {ExampleShape.Count} bytes; {GetType().Name} gives {bytes.Length} for example "
                + $"{index}.");
        }
        return bytes;
    }

    /// <summary>
    /// The bytes of one example; the index has been checked. To be overridden together with <see cref="HoldsBytes"/>. They are read where
    /// they stand as long as the examples of a batch lie in one array or one memory manager (a file that is mapped into memory, for
    /// instance); otherwise each batch copies its own.
    /// </summary>
    /// <param name="index">The example.</param>
    /// <returns>The bytes, never changed afterwards.</returns>
    protected virtual ReadOnlyMemory<byte> BytesCore(int index) =>
        throw new NotSupportedException($"{GetType().Name} does not hold its examples as bytes, or does not override {nameof(BytesCore)}.");
}
