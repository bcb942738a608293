using System.Reflection;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>
/// Models and arrays are saved whole or not at all: by processes of their own, which are killed, two at once, and on a full disk. Alone,
/// since it starts many processes.
/// </summary>
[Collection(Alone.Name)]
public sealed class SavingTests : IDisposable
{
    private static readonly Model<float>[] Contents = [.. new ulong[] { 1, 2 }.Select(seed => new Dense(300).Build<float>(300, seed))];

    private static readonly string[] Hashes = [.. Contents.Select(model => model.Sha256())];

    private static readonly Dictionary<string, SavedFormat> Formats = new SavedFormat[]
    {
        new(
            ".safetensors",
            (path, content) => Contents[content].Save(path),
            path => Array.IndexOf(Hashes, Model.Load<float>(path).Sha256())),
        new(
            ".npy",
            (path, content) => NpyFile.Write(path, NumericArray.Of(Contents[content].Parameters[0].Value)),
            path => ContentOf(NpyFile.Read(path))),
        new(
            ".npz",
            (path, content) => NpzFile.Write(path, [new("weights", NumericArray.Of(Contents[content].Parameters[0].Value))]),
            path => ContentOf(NpzFile.Read(path)["weights"])),
    }.ToDictionary(format => format.Extension);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Extensions => [.. Formats.Keys];

    private static MethodInfo Child => typeof(SavingTests).GetMethod(nameof(Writer_of_these_tests_runs_in_a_child_process))!;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Extensions))]
    public void File_whose_writer_is_killed_at_random_instants_is_whole(string extension) =>
        Formats[extension].CheckKilled(_folder.Root, Child);

    [Theory]
    [MemberData(nameof(Extensions))]
    public void File_of_two_writers_at_once_is_the_one_or_the_other(string extension) =>
        Formats[extension].CheckTwoWriters(_folder.Root, Child);

    [Theory]
    [MemberData(nameof(Extensions))]
    public void File_on_a_full_disk_stays_what_it_was(string extension) => Formats[extension].CheckFullDisk(_folder.Root);

    /// <summary>What the other process runs. Where there is no other process, it does nothing.</summary>
    [Fact]
    public void Writer_of_these_tests_runs_in_a_child_process() => SavedFormat.SaveInChild(Formats.Values);

    private static int ContentOf(NumericArray array)
    {
        Matrix<float> found = array.ToMatrix<float>();
        return Array.FindIndex(Contents, model => model.Parameters[0].Value.AsSpan().SequenceEqual(found.AsSpan()));
    }
}
