using System.Buffers.Binary;
using System.Text;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Tests.Tensors.Files;

/// <summary>Files put together by hand from the format's specification, without the writer.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A file of a header and the bytes after it.</summary>
    public static byte[] File(string json, params byte[] data) => File(Encoding.UTF8.GetBytes(json), data);

    /// <summary>A file of a header in bytes and the bytes after it.</summary>
    public static byte[] File(byte[] json, params byte[] data)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    /// <summary>Reads a file from memory.</summary>
    public static SafetensorsReader Open(byte[] file) => SafetensorsReader.Open(new MemoryStream(file), "the file");
}
