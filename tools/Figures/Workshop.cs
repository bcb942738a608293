using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures;

/// <summary>The repository: commands are run in it, and pages and pictures written.</summary>
/// <param name="root">Its folder.</param>
internal sealed class Workshop(string root)
{
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);

    /// <summary>The pages and pictures that have other content than before.</summary>
    public IReadOnlyCollection<string> Changed => _changed;

    /// <summary>The folder of the repository that the current folder is in.</summary>
    /// <exception cref="FigureException">It is in none.</exception>
    public static string FindRoot()
    {
        for (string? folder = Environment.CurrentDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DeepLearn.sln")))
                return folder;
        }
        throw new FigureException($"Expected to run within the repository; found {Environment.CurrentDirectory}.");
    }

    /// <summary>A folder for what a set writes, kept between runs: an experiment that was stopped goes on in it.</summary>
    public string Output(string name) => Directory.CreateDirectory(Path.Combine(root, "out", "figures", name)).FullName;

    /// <summary>A folder for what a set writes, without what an earlier run has left there.</summary>
    public string EmptyOutput(string name)
    {
        Directory.Delete(Output(name), recursive: true);
        return Output(name);
    }

    /// <summary>Builds a project of the repository, runs it, and gives the lines of its standard output.</summary>
    /// <remarks>
    /// <c>DEEPLEARN_HOST</c> names the program that runs it in place of <c>dotnet</c>, as a peer's native libraries may need one: the
    /// libtorch that TorchSharp brings asks for a C++ library newer than some systems have.
    /// </remarks>
    /// <exception cref="FigureException">It was not built, or did not end with 0.</exception>
    public IReadOnlyList<string> Run(string project, params string[] arguments) =>
        RunBy(Environment.GetEnvironmentVariable("DEEPLEARN_HOST") ?? "dotnet", project, arguments);

    /// <summary>The same by <c>dotnet</c> itself, which BenchmarkDotNet asks for its SDKs.</summary>
    /// <exception cref="FigureException">It was not built, or did not end with 0.</exception>
    public IReadOnlyList<string> RunByDotnet(string project, params string[] arguments) => RunBy("dotnet", project, arguments);

    private List<string> RunBy(string host, string project, string[] arguments)
    {
        Console.WriteLine($"   dotnet run -c Release --project {project} -- {string.Join(' ', arguments)}");
        string path = Path.Combine(root, project);
        string built = Start("dotnet", "build", "-c", "Release", path, "-t:Build", "-getProperty:TargetPath")[^1];
        return Start(host, [built, .. arguments]);
    }

    /// <summary>
    /// Runs a script of the repository, which takes a file's path from the repository's root, and gives the lines of its standard output.
    /// </summary>
    /// <exception cref="FigureException">It did not end with 0.</exception>
    public IReadOnlyList<string> RunScript(string script, string file)
    {
        string path = Path.GetRelativePath(root, file);
        Console.WriteLine($"   {script} {path}");
        return Start(Path.Combine(root, script), path);
    }

    private List<string> Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = Output("here") };
        // Peers choose their kernels themselves, whatever this machine's environment says.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("OPENBLAS_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        using Process process = Process.Start(start)!;
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
            lines.Add(line.TrimEnd());
        process.WaitForExit();
        string command = $"{program} {string.Join(' ', arguments)}";
        return process.ExitCode == 0
            ? lines
            : throw new FigureException($"{command} ended with {process.ExitCode}:\n{string.Join('\n', lines)}");
    }

    /// <summary>Puts content into a place of a page.</summary>
    public void Put(string page, string name, string content)
    {
        string path = Path.Combine(root, page), before = File.ReadAllText(path), after = FigurePage.Replace(before, name, content, page);
        if (after == before)
            return;
        File.WriteAllText(path, after);
        _changed.Add(page);
    }

    /// <summary>Puts lines of output into a place of a page, as a block.</summary>
    public void PutOutput(string page, string name, IEnumerable<string> lines) => Put(page, name,
        $"\n```text\n{string.Join('\n', lines)}\n```\n");

    /// <summary>Puts the lines of a table into a place of a page.</summary>
    public void PutTable(string page, string name, IEnumerable<string> lines) => Put(page, name, $"\n\n{string.Join('\n', lines)}\n\n");

    /// <summary>Puts a picture where a page shows it.</summary>
    public void PutPicture(string made, string picture)
    {
        string path = Path.Combine(root, picture);
        byte[] content = File.ReadAllBytes(made);
        if (File.Exists(path) && content.AsSpan().SequenceEqual(File.ReadAllBytes(path)))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        _changed.Add(picture);
    }

    /// <summary>A JSON file that a set wrote.</summary>
    public static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    /// <summary>The page of benchmark results of this machine's processor.</summary>
    /// <exception cref="FigureException">The environment does not name it.</exception>
    public string ResultsPage() => Environment.GetEnvironmentVariable("DEEPLEARN_RESULTS") is { } page
        ? Path.Combine(root, page)
        : throw new FigureException("Speeds need DEEPLEARN_RESULTS, the page of this processor: benchmarks/results/PROCESSOR.md.");
}
