using DeepLearn.KernelGenerator;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.MicroKernel;

/// <summary>What a generator has written is what it would write today: nobody has edited the one without the other.</summary>
public class GeneratedFilesTests
{
    public static TheoryData<string> Paths => [.. GeneratedFiles.All.Keys];

    [Theory]
    [MemberData(nameof(Paths))]
    public void GeneratedFile_committed_text_is_what_the_generator_writes(string path)
    {
        string[] expected = GeneratedFiles.All[path]().Split('\n');
        string[] found = File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n").Split('\n');
        int line = 0;
        while (line < Math.Min(expected.Length, found.Length) && expected[line] == found[line])
            line++;
        Assert.True(
            line == expected.Length && line == found.Length,
            $"{path} differs from line {line + 1} on from what tools/DeepLearn.KernelGenerator writes. Change the generator, then: "
            + "dotnet run --project tools/DeepLearn.KernelGenerator");
    }
}
