namespace DeepLearn.Onnx.Import;

/// <summary>A constant tensor: weights, a literal, or a value computed from such.</summary>
/// <param name="Extents">Its extents.</param>
/// <param name="Elements">Its elements, row-major, in double, which holds every number that a file can have.</param>
internal sealed record Tensor(int[] Extents, double[] Elements)
{
    /// <summary>Whether it is one number.</summary>
    public bool IsScalar => Elements.Length == 1;

    /// <summary>The extents, for messages.</summary>
    public override string ToString() => $"[{string.Join(", ", Extents)}]";

    /// <summary>A matrix with its axes exchanged.</summary>
    public Tensor Transposed()
    {
        (int rows, int columns) = (Extents[0], Extents[1]);
        var turned = new double[Elements.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                turned[(column * rows) + row] = Elements[(row * columns) + column];
        }
        return new([columns, rows], turned);
    }
}
