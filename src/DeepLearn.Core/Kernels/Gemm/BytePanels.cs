using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// Packs rows of bytes, converted and normalized on the way, in panels: for each k (a byte of a row), the elements of all rows of a panel
/// side by side.
/// </summary>
/// <remarks>
/// Rows at random places come from memory, and so those of the next panel are asked for as one is packed: they arrive while the tiles read it.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct BytePanels<T> : IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The byte of row 0 that is k = 0.</summary>
    public byte* Source;

    /// <summary>Where each row begins.</summary>
    public int* Starts;

    /// <summary>How many rows there are from <see cref="Starts"/> on, those behind the product's own included: they may be next.</summary>
    public int Known;

    /// <summary>The factors, one for each k.</summary>
    public T* Scale;

    /// <summary>The summands, one for each k.</summary>
    public T* Offset;

    /// <inheritdoc/>
    public readonly bool SideBySide => false;

    /// <inheritdoc/>
    public readonly void Pack(int firstRow, Division panels, int firstDepth, int depth, T* to)
    {
        for (int panel = 0; panel < panels.Pieces; panel++)
        {
            int height = panels.Size(panel);
            var group = new BytePacking.Group { Height = height };
            byte* first = Source + firstDepth;
            for (int i = 0; i < BytePacking.Group.Size; i++)
            {
                group.Rows[i] = (nint)(first + Starts[firstRow + Math.Min(i, height - 1)]);

                // After the last rows come the first ones again, with the next k.
                int next = firstRow + height + i;
                group.Ahead[i] = (nint)(next < Known ? first + Starts[next] : first + depth + Starts[next % Known]);
            }
            BytePacking.Pack(group, Scale + firstDepth, Offset + firstDepth, depth, to);
            firstRow += height;
            to += (nint)height * depth;
        }
    }
}
