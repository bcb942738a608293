using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepLearn.Data;
using DeepLearn.Tensors;

namespace DeepLearn.Samples.CommandLine.Data;

/// <summary>Tells data sets apart without reading all of their bytes: a hash of every label in order and of the first images.</summary>
internal static class DataFingerprint
{
    private const int Images = 16;

    public static string Of(DatasetCollection collection)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Dataset set in (Dataset[])[collection.Training, collection.Test])
        {
            hash.AppendData(MemoryMarshal.AsBytes(set.Labels));
            var images = new Matrix<float>(Math.Min(Images, set.Count), set.ExampleShape.Count);
            set.GatherRange<float>(0, null, images);
            hash.AppendData(MemoryMarshal.AsBytes(images.AsSpan()));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..8];
    }
}
