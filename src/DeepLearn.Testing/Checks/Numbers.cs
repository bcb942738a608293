using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>The numbers that subjects are tried on.</summary>
internal static class Numbers
{
    /// <summary>Numbers evenly spread from -scale to scale, each one a float, so that both precisions begin with the same.</summary>
    public static Matrix<double> Uniform(int rows, int columns, RandomKey key, double scale = 1)
    {
        var matrix = new Matrix<double>(rows, columns);
        RandomStream random = key.Open();
        foreach (ref double value in matrix.AsSpan())
            value = (float)(scale * ((2 * random.NextUniform()) - 1));
        return matrix;
    }

    /// <summary>The same numbers at a precision.</summary>
    public static Matrix<T> At<T>(Matrix<double> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var converted = new Matrix<T>(numbers.Rows, numbers.Columns);
        for (int i = 0; i < numbers.Count; i++)
            converted.AsSpan()[i] = T.CreateChecked(numbers.AsSpan()[i]);
        return converted;
    }

    public static double[] ToDouble<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = new double[numbers.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = double.CreateChecked(numbers[i]);
        return result;
    }

    public static Matrix<T> Filled<T>(int rows, int columns, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var matrix = new Matrix<T>(rows, columns);
        matrix.View.Fill(value);
        return matrix;
    }
}
