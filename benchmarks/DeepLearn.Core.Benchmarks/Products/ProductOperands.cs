using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Products;

/// <summary>The operands of a product, which all candidates share. They have the same numbers in every run.</summary>
internal sealed class ProductOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ProductOperands(ProductShape shape)
    {
        Shape = shape;
        A = Random(shape.RowsOfA, shape.ColumnsOfA, 1);
        B = Random(shape.RowsOfB, shape.ColumnsOfB, 2);
    }

    public ProductShape Shape { get; }

    /// <summary>A as it is stored.</summary>
    public Matrix<T> A { get; }

    /// <summary>B as it is stored.</summary>
    public Matrix<T> B { get; }

    /// <summary>A new result of the right shape; every candidate has its own.</summary>
    public Matrix<T> NewResult() => new(Shape.M, Shape.N);

    private static Matrix<T> Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix<T>(rows, columns);
        foreach (ref T element in matrix.AsSpan())
            element = T.CreateTruncating((random.NextSingle() * 2) - 1);
        return matrix;
    }
}
