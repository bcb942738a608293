using System.Buffers.Binary;
using System.Text;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Event files of TensorBoard, read back by a reader of the test's own.</summary>
public sealed class TensorBoardFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-tensorboard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Curve_is_read_back_set_by_set()
    {
        IReadOnlyList<string> paths = TensorBoardFiles.Save([Point(0, 2, 0.1), Point(1000, 0.5, 0.75)], _folder);
        Assert.Equal(["training", "validation"], paths.Select(path => Path.GetFileName(Path.GetDirectoryName(path))));
        Assert.All(paths, path => Assert.Contains("tfevents", Path.GetFileName(path)));

        Assert.Equal(
            [
                (0, "loss", 2f), (0, "cost", 2.25f), (0, "accuracy", 0.1f), (0, "precision", 0.5f), (0, "learning rate", 0.25f),
                (1000, "loss", 0.5f), (1000, "cost", 0.75f), (1000, "accuracy", 0.75f), (1000, "precision", 0.5f),
                (1000, "learning rate", 0.25f),
            ],
            Read(paths[0], 0));
        Assert.Equal(
            [(0, "loss", 3f), (0, "cost", 3f), (1000, "loss", 1.5f), (1000, "cost", 1.5f)], Read(paths[1], 0));
    }

    [Fact]
    public void Curve_without_validation_is_one_file_with_the_time_that_is_given()
    {
        var time = new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
        string path = Assert.Single(TensorBoardFiles.Save([Point(7, 1, 0.5) with { Validation = null }], _folder, time));
        Assert.Equal(5, Read(path, time.ToUnixTimeSeconds()).Count);
        Assert.Single(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    /// <summary>
    /// The first record of every event file, here with the time 0, as TensorFlow's own writer makes it but for its time: length 24, whose
    /// masked checksum is the published one.
    /// </summary>
    [Fact]
    public void First_record_is_the_version_and_its_checksums_are_known()
    {
        byte[] file = File.ReadAllBytes(TensorBoardFiles.Save([Point(0, 1, 1)], _folder)[0]);
        Assert.Equal("1800000000000000A37F4B22", Convert.ToHexString(file.AsSpan(0, 12)));
        Assert.Equal(
            "0900000000000000001A0D" + Convert.ToHexString(Encoding.ASCII.GetBytes("brain.Event:2")),
            Convert.ToHexString(file.AsSpan(12, 24)));
    }

    [Fact]
    public void Curve_of_no_point_is_refused() => Assert.Throws<ArgumentException>(() => TensorBoardFiles.Save([], _folder));

    private static List<(long Step, string Name, float Value)> Read(string path, double time)
    {
        byte[] file = File.ReadAllBytes(path);
        var found = new List<(long, string, float)>();
        for (int at = 0, record = 0; at < file.Length; record++)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            ReadOnlySpan<byte> content = file.AsSpan(at + 12, length);
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += length + 16;

            List<(int Field, byte[] Bytes)> fields = Fields(content);
            Assert.Equal(time, BitConverter.ToDouble(fields.Single(field => field.Field == 1).Bytes));
            if (record == 0)
            {
                Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(fields.Single(field => field.Field == 3).Bytes));
                continue;
            }
            byte[]? written = fields.SingleOrDefault(field => field.Field == 2).Bytes;
            long step = written is null ? 0 : BitConverter.ToInt64(written);
            foreach ((_, byte[] value) in Fields(fields.Single(field => field.Field == 5).Bytes))
            {
                List<(int Field, byte[] Bytes)> parts = Fields(value);
                found.Add((step, Encoding.UTF8.GetString(parts[0].Bytes), BitConverter.ToSingle(parts[1].Bytes)));
            }
        }
        return found;
    }

    private static List<(int Field, byte[] Bytes)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[])>();
        while (message.Length > 0)
        {
            int tag = (int)Varint(ref message);
            int length = (tag & 7) switch { 0 => 0, 1 => 8, 5 => 4, _ => (int)Varint(ref message) };
            byte[] bytes = (tag & 7) == 0 ? BitConverter.GetBytes(Varint(ref message)) : message[..length].ToArray();
            message = message[length..];
            fields.Add((tag >> 3, bytes));
        }
        return fields;
    }

    private static long Varint(ref ReadOnlySpan<byte> message)
    {
        long number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte one = message[0];
            message = message[1..];
            number |= (long)(one & 0x7F) << shift;
            if (one < 0x80)
                return number;
        }
    }

    /// <summary>The checksum bit by bit, from its polynomial.</summary>
    private static uint Masked(ReadOnlySpan<byte> content)
    {
        uint sum = uint.MaxValue;
        foreach (byte one in content)
        {
            sum ^= one;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0x82F63B78;
        }
        sum = ~sum;
        return unchecked(((sum >> 15) | (sum << 17)) + 0xA282EAD8);
    }

    private static TrainingPoint Point(long step, double loss, double accuracy) => new(
        step,
        step / 100.0,
        0.25,
        new(loss + 0.25, loss, accuracy, 90) { Metrics = [new("precision", 0.5)] },
        new(loss + 1, loss + 1, null, 10));
}
