using DeepLearn.Tensors;
using DeepLearn.Tools.Architecture;
using Xunit;

namespace DeepLearn.Tests.Architecture;

/// <summary>The picture and the table of docs/architecture.md are those of the compiled library.</summary>
public class PictureTests
{
    private const string Remedy = "Draw it anew: dotnet run --project tools/Architecture -- draw";

    private static readonly CompiledReferences References = CompiledReferences.Read(typeof(Matrix<>).Assembly.Location);

    [Fact]
    public void Picture_of_the_house_is_the_one_that_is_drawn_now() =>
        Assert.True(Picture.Draw(References) == Read(ArchitecturePage.PicturePath), Remedy);

    [Fact]
    public void Table_of_the_house_is_the_one_that_is_made_now()
    {
        string page = Read(ArchitecturePage.Path);
        Assert.True(ArchitecturePage.WithTable(page, References) == page, Remedy);
    }

    [Fact]
    public void Test_that_the_architecture_page_names_exists()
    {
        string[] tests = [.. Repository.SourcesIn(Repository.Tests).Select(file => Path.GetFileNameWithoutExtension(file))];
        string table = Read(ArchitecturePage.Path);
        table = table[table.IndexOf("## Promises", StringComparison.Ordinal)..table.IndexOf("## The words", StringComparison.Ordinal)];
        string[] named =
        [
            .. table.Split('`').Where((_, i) => i % 2 == 1).Select(path => path.Split('/')[^1])
                .Where(name => name.EndsWith("Tests", StringComparison.Ordinal) && !name.Contains('.')),
        ];
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}
