using DeepLearn.Tools.Fuzz;
using Xunit;

namespace DeepLearn.Tests.Fuzzing;

/// <summary>
/// A short run of the tool that damages files, for each reader. The long one: <c>dotnet run -c Release --project tools/Fuzz -- all
/// 100000</c>. Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public class FuzzTests
{
    private static readonly IReadOnlyList<Reader> All = Readers.All;

    public static TheoryData<string> Names => [.. All.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reader_of_damaged_files_reads_them_or_refuses_them_by_name(string name)
    {
        FuzzResult result = FuzzRun.Of(
            All.Single(reader => reader.Name == name), name == "cifar-10.tar.gz" ? 10 : 200, seed: 9);
        Assert.True(result.Faults.Count == 0, string.Join('\n', result.Faults.Take(10)));
        Assert.InRange(result.Read, 0, result.Files - 1);
    }

    [Theory]
    [InlineData("crash", "IndexOutOfRangeException")]
    [InlineData("nameless", "a message without the file")]
    [InlineData("greedy", "bytes allocated for a file")]
    public void Reader_with_a_planted_fault_is_found_out(string fault, string message)
    {
        byte[] good = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[]? hoard = null;
        var reader = new Reader(
            fault,
            [good],
            path =>
            {
                byte[] bytes = File.ReadAllBytes(path);
                if (bytes.SequenceEqual(good))
                    return;
                hoard = new byte[fault == "greedy" ? 20_000_000 : 1];
                throw fault switch
                {
                    "crash" => new IndexOutOfRangeException(),
                    "nameless" => new InvalidDataException("It is damaged."),
                    _ => new InvalidDataException($"{path} is damaged."),
                };
            },
            exception => exception is InvalidDataException);
        FuzzResult result = FuzzRun.Of(reader, 20, 1);
        Assert.NotEmpty(result.Faults);
        Assert.All(result.Faults, found => Assert.Contains(message, found));
        Assert.NotNull(hoard);
    }
}
