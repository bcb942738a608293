namespace DeepLearn.Documentation.Tests;

/// <summary>An empty folder in which the programs of a page run, one after the other; it is deleted at the end.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly string _before = Directory.GetCurrentDirectory();

    public string Path => _folder.FullName;

    public void Enter() => Directory.SetCurrentDirectory(_folder.FullName);

    public void Leave() => Directory.SetCurrentDirectory(_before);

    public void Dispose() => _folder.Delete(recursive: true);
}
