using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Training;

namespace DeepLearn.Reporting;

/// <summary>
/// Writes the learning curves of a training run as event files of TensorBoard: loss, cost, accuracy where there are classes, further
/// metrics, and the learning rate, against the update step.
/// </summary>
/// <remarks>
/// TensorBoard draws what has one name in several runs into one chart. The training set and the validation set so become two runs, the
/// folders <c>training</c> and <c>validation</c>. An event file is a chain of records, each with its length and checksums (CRC-32C,
/// Castagnoli, Bräuer and Herrmann, "Optimization of Cyclic Redundancy-Check Codes with 24 and 32 Parity Bits", 1993), which hold a message
/// of Protocol Buffers. Values are rounded to float, which the format has.
/// </remarks>
/// <example><code>TensorBoardFiles.Save(result.Curve, "runs/first");    // then: tensorboard --logdir runs</code></example>
public static class TensorBoardFiles
{
    private const string FileName = "events.out.tfevents.0.deeplearn";

    /// <summary>Writes the files. Each is whole or not there; one that is there is written over.</summary>
    /// <param name="curve">The points, as a <see cref="TrainingResult"/> or a trainer has them; at least one.</param>
    /// <param name="folder">The folder of the run, which is made if need be.</param>
    /// <param name="time">
    /// The time that all events have. Default null: 1970, so that the same curve always is the same bytes; TensorBoard draws against the
    /// step unless it is told otherwise.
    /// </param>
    /// <returns>The paths of the files: of training and, where there was a validation set, of validation.</returns>
    /// <exception cref="ArgumentException">There is no point, or the folder is empty.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Save(IReadOnlyList<TrainingPoint> curve, string folder, DateTimeOffset? time = null)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (curve.Count == 0)
        {
            throw new ArgumentException(
                "Learning curves have at least one point; found none. The plan's evaluations make them.", nameof(curve));
        }
        foreach (TrainingPoint point in curve)
            ArgumentNullException.ThrowIfNull(point, nameof(curve));
        double seconds = (time ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds() / 1000.0;
        var paths = new List<string> { Path.Combine(folder, "training", FileName) };
        WholeFile.Write(paths[0], Records(curve, seconds, point => point.Training, hasRate: true));
        if (curve.Any(point => point.Validation is not null))
        {
            paths.Add(Path.Combine(folder, "validation", FileName));
            WholeFile.Write(paths[1], Records(curve, seconds, point => point.Validation, hasRate: false));
        }
        return paths;
    }

    private static byte[] Records(
        IReadOnlyList<TrainingPoint> curve, double seconds, Func<TrainingPoint, Evaluation?> set, bool hasRate)
    {
        var file = new List<byte>();
        AddRecord(file, Event(seconds, 0, 3, Encoding.UTF8.GetBytes("brain.Event:2")));
        foreach (TrainingPoint point in curve)
        {
            var values = new List<byte>();
            if (set(point) is { } evaluation)
            {
                AddValue(values, "loss", evaluation.Loss);
                AddValue(values, "cost", evaluation.Cost);
                if (evaluation.Accuracy is { } accuracy)
                    AddValue(values, "accuracy", accuracy);
                foreach (MetricValue metric in evaluation.Metrics)
                    AddValue(values, metric.Name, metric.Value);
            }
            if (hasRate)
                AddValue(values, "learning rate", point.LearningRate);
            if (values.Count > 0)
                AddRecord(file, Event(seconds, point.Step, 5, [.. values]));
        }
        return [.. file];
    }

    /// <summary>A record: the length, its checksum, the bytes, their checksum.</summary>
    private static void AddRecord(List<byte> file, byte[] content)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, content.Length);
        file.AddRange(number);
        AddChecksum(file, number);
        file.AddRange(content);
        AddChecksum(file, content);
    }

    /// <summary>CRC-32C, turned and moved so that a checksum of what holds checksums is not a constant.</summary>
    private static void AddChecksum(List<byte> file, ReadOnlySpan<byte> content)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in content)
            sum = BitOperations.Crc32C(sum, one);
        Span<byte> masked = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(masked, BitOperations.RotateRight(~sum, 15) + 0xA282EAD8);
        file.AddRange(masked);
    }

    /// <summary>An event: its time (field 1), its step (2), and the version of the format (3) or a summary (5).</summary>
    private static byte[] Event(double seconds, long step, int field, byte[] content)
    {
        var message = new List<byte> { (1 << 3) | 1 };
        Span<byte> time = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(time, seconds);
        message.AddRange(time);
        if (step != 0)
        {
            message.Add(2 << 3);
            AddVarint(message, (ulong)step);
        }
        AddBytes(message, field, content);
        return [.. message];
    }

    /// <summary>A value of a summary (field 1): its name (1) and its number (2).</summary>
    private static void AddValue(List<byte> summary, string name, double number)
    {
        var value = new List<byte>();
        AddBytes(value, 1, Encoding.UTF8.GetBytes(name));
        value.Add((2 << 3) | 5);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)number);
        value.AddRange(bytes);
        AddBytes(summary, 1, [.. value]);
    }

    private static void AddBytes(List<byte> message, int field, byte[] content)
    {
        message.Add((byte)((field << 3) | 2));
        AddVarint(message, (ulong)content.Length);
        message.AddRange(content);
    }

    private static void AddVarint(List<byte> message, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            message.Add((byte)(number | 0x80));
        message.Add((byte)number);
    }
}
