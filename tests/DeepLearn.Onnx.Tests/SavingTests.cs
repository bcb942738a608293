using System.Reflection;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>
/// ONNX files are saved whole or not at all: by processes of their own, which are killed, two at once, and on a full disk.
/// </summary>
public sealed class SavingTests : IDisposable
{
    private static readonly Model<float>[] Contents = [.. new ulong[] { 1, 2 }.Select(seed => new Dense(300).Build<float>(300, seed))];

    private static readonly string[] Hashes = [.. Contents.Select(model => model.Sha256())];

    private static readonly SavedFormat Format = new(
        ".onnx",
        (path, content) => Contents[content].SaveOnnx(path),
        path => Array.IndexOf(Hashes, OnnxModel.Load<float>(path).Model.Sha256()));

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-onnx-").FullName;

    private static MethodInfo Child => typeof(SavingTests).GetMethod(nameof(Writer_of_these_tests_runs_in_a_child_process))!;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void File_whose_writer_is_killed_at_random_instants_is_whole() => Format.CheckKilled(_folder, Child);

    [Fact]
    public void File_of_two_writers_at_once_is_the_one_or_the_other() => Format.CheckTwoWriters(_folder, Child);

    [Fact]
    public void File_on_a_full_disk_stays_what_it_was() => Format.CheckFullDisk(_folder);

    /// <summary>What the other process runs. Where there is no other process, it does nothing.</summary>
    [Fact]
    public void Writer_of_these_tests_runs_in_a_child_process() => SavedFormat.SaveInChild([Format]);
}
