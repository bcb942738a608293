using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>Tells whether two models hold the same bits.</summary>
public static class ModelFingerprint
{
    /// <summary>
    /// The SHA-256 of a model's parameters and buffers: for each in order, its name, rows, columns and the bits of its elements,
    /// little-endian.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="model">The model.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Sha256<T>(this Model<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in model.Parameters)
            Append(hash, parameter.Name, parameter.Value);
        foreach (var buffer in model.Buffers)
            Append(hash, buffer.Name, buffer.Value);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static unsafe void Append<T>(IncrementalHash hash, string name, Matrix<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        Span<byte> extents = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(extents, value.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(extents[4..], value.Columns);
        hash.AppendData(extents);
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(value.AsSpan()));
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(T)];
        foreach (T element in value.AsSpan())
        {
            MemoryMarshal.Write(bytes, element);
            bytes.Reverse();
            hash.AppendData(bytes);
        }
    }
}
