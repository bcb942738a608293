using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// The SHA-256 of all that a file of tensors holds, whatever its order and padding: the texts by key, then the tensors by name.
/// </summary>
internal sealed class TensorChecksum : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public TensorChecksum(IEnumerable<KeyValuePair<string, string>> texts)
    {
        foreach ((string key, string text) in texts.OrderBy(text => text.Key, StringComparer.Ordinal))
        {
            Append(key);
            Append(text);
        }
    }

    /// <summary>Takes the description of a tensor; its bytes are to follow.</summary>
    public IncrementalHash Begin(string name, string elementType, ReadOnlySpan<long> shape)
    {
        Append(name);
        Append(elementType);
        AppendNumber(shape.Length);
        foreach (long extent in shape)
            AppendNumber(extent);
        return _hash;
    }

    public string Take() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Append(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AppendNumber(bytes.Length);
        _hash.AppendData(bytes);
    }

    private void AppendNumber(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _hash.AppendData(bytes);
    }
}
