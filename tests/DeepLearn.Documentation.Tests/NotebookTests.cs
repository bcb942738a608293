using System.Text.Json;
using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>The cells of each notebook, one after the other, are a program that compiles and runs.</summary>
// One program at a time has the console and the current folder.
[Collection("programs")]
public class NotebookTests
{
    public static TheoryData<string> Notebooks =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "samples", "Notebooks"), "*.ipynb").Select(path =>
            Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Notebook_cells_compile_and_run(string path)
    {
        using JsonDocument notebook = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, path), TestContext.Current.CancellationToken));
        var program = new PageProgram(path, 1);
        int number = 0;
        foreach (JsonElement cell in notebook.RootElement.GetProperty("cells").EnumerateArray())
        {
            number++;
            if (cell.GetProperty("cell_type").GetString() != "code")
                continue;
            IEnumerable<string> lines = cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()!);
            program.Add(number, string.Concat(lines.Where(line => !line.StartsWith("#r", StringComparison.Ordinal))) + "\n");
        }
        using var folder = new ProgramFolder();
        string output = await ProgramRun.Of(program.Name, Compiler.Compile(program), folder);
        Assert.Contains("2000 images of [32, 32, 3], 10 classes", output, StringComparison.Ordinal);
        Assert.Equal(4, output.Split('\n').Count(line => line.StartsWith("step ", StringComparison.Ordinal)));
        Assert.Contains("%", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}
