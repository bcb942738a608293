using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Training.Checkpoints;

/// <summary>
/// Tells data sets apart by all that training sees of them. Chunks of examples are hashed by all threads, and their hashes in order once
/// more.
/// </summary>
/// <remarks>
/// Numbers are hashed in double, whatever the precision of the training: normalization and the scaling of targets read them before they are
/// rounded to it. Bytes are hashed as they stand; they are normalized in another way than numbers.
/// </remarks>
internal static class DatasetFingerprint
{
    private const int ChunkSize = 256;

    /// <summary>
    /// The SHA-256 of a data set's shape, labels, weights, features and targets, as 64 hexadecimal digits after the number of examples.
    /// </summary>
    public static string Of(Dataset dataset, WorkerPool workers)
    {
        int chunks = (dataset.Count + ChunkSize - 1) / ChunkSize;
        var body = new Body(dataset, Math.Min(workers.Threads, chunks), new byte[chunks * SHA256.HashSizeInBytes]);
        workers.Run(ref body, body.Parts);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        DatasetDescription description = dataset.Description;
        hash.AppendData(Encoding.UTF8.GetBytes(
            FormattableString.Invariant(
                $"{description.ExampleShape} {description.Order} {description.Classes} {description.TargetWidth} {dataset.HoldsBytes};")));
        hash.AppendData(MemoryMarshal.AsBytes(dataset.Labels));
        hash.AppendData(MemoryMarshal.AsBytes(dataset.Weights));
        hash.AppendData(body.Hashes);
        return FormattableString.Invariant($"{dataset.Count} examples {Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    private readonly struct Body(Dataset dataset, int parts, byte[] hashes) : IParallelBody
    {
        public int Parts => parts;

        public byte[] Hashes => hashes;

        public void Run(int part)
        {
            int most = Math.Min(ChunkSize, dataset.Count);
            var features = new Matrix<double>(dataset.HoldsBytes ? 0 : most, dataset.ExampleShape.Count);
            var targets = new Matrix<double>(dataset.TargetWidth > 0 ? most : 0, dataset.TargetWidth);
            var indices = new int[most];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (int chunk = part; chunk * SHA256.HashSizeInBytes < hashes.Length; chunk += parts)
            {
                int first = chunk * ChunkSize, count = Math.Min(ChunkSize, dataset.Count - first);
                if (dataset.HoldsBytes)
                {
                    for (int i = 0; i < count; i++)
                        hash.AppendData(dataset.Bytes(first + i).Span);
                }
                else
                {
                    MatrixView<double> some = features.SliceRows(0, count);
                    dataset.GatherRange(first, null, some);
                    hash.AppendData(MemoryMarshal.AsBytes(some.AsSpan()));
                }
                if (dataset.TargetWidth > 0)
                {
                    for (int i = 0; i < count; i++)
                        indices[i] = first + i;
                    MatrixView<double> wanted = targets.SliceRows(0, count);
                    dataset.GatherTargets(indices.AsSpan(0, count), wanted);
                    hash.AppendData(MemoryMarshal.AsBytes(wanted.AsSpan()));
                }
                hash.GetHashAndReset(hashes.AsSpan(chunk * SHA256.HashSizeInBytes));
            }
        }
    }
}
