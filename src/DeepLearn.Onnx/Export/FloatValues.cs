using System.Numerics;
using DeepLearn.Models;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>The parameters and buffers of a model in the 32 bits of a file, by name.</summary>
internal static class FloatValues
{
    /// <summary>The values; those of a model of floats are not copied.</summary>
    /// <exception cref="ArgumentException">A number of 64 bits would be rounded, which is not allowed, or is beyond 32 bits.</exception>
    public static Dictionary<string, Matrix<float>> Of<T>(Model<T> model, bool mayRound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new Dictionary<string, Matrix<float>>();
        foreach (var parameter in model.Parameters)
            values.Add(parameter.Name, Of(parameter.Name, parameter.Value, mayRound));
        foreach (var buffer in model.Buffers)
            values.Add(buffer.Name, Of(buffer.Name, buffer.Value, mayRound));
        return values;
    }

    private static Matrix<float> Of<T>(string name, Matrix<T> value, bool mayRound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (value is Matrix<float> floats)
            return floats;
        var rounded = new Matrix<float>(value.Rows, value.Columns);
        ReadOnlySpan<T> from = value.AsSpan();
        Span<float> to = rounded.AsSpan();
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = float.CreateTruncating(from[i]);
            bool isHeld = T.CreateTruncating(to[i]) == from[i] || T.IsNaN(from[i]);
            if (!isHeld && (!mayRound || float.IsInfinity(to[i])))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"A file holds numbers of 32 bits: expected such in {name}; found {from[i]}")
                    + (float.IsInfinity(to[i])
                        ? ", which is beyond their range."
                        : $". {nameof(OnnxExportOptions)}.{nameof(OnnxExportOptions.MayRound)} rounds them."));
            }
        }
        return rounded;
    }
}
