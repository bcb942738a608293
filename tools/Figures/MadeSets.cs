using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DeepLearn.Tools.Figures;

/// <summary>
/// Which sets were made, and of which code: all of them take some hours, and a run that was stopped goes on with those that are missing.
/// </summary>
/// <param name="file">The file that holds it.</param>
/// <param name="code">The code that figures are made of now, as <see cref="CodeOf"/> gives it.</param>
internal sealed class MadeSets(string file, string code)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // What a set is made of; pages and pictures are what it makes.
    private static readonly string[] Paths =
    [
        "src", "samples", "benchmarks", "Directory.Build.props", "Directory.Packages.props", "global.json",
        ":(exclude)*.md", ":(exclude)*.png", ":(exclude)*.svg", ":(exclude)*.html",
    ];

    private readonly SortedDictionary<string, Made> _sets = Read(file);

    /// <summary>A digest of the code of a repository, with changes that are not committed.</summary>
    /// <exception cref="FigureException">It is not a repository of git.</exception>
    public static string CodeOf(string root)
    {
        string files = Git(root, ["ls-files", "-s", "--", .. Paths]), changes = Git(root, ["diff", "--", .. Paths]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(files + changes)))[..16];
    }

    /// <summary>When a set was made of this code; null if it was not.</summary>
    public DateTime? WhenMade(string set) => _sets.TryGetValue(set, out Made? made) && made.Code == code ? made.Date : null;

    /// <summary>Notes that a set is made.</summary>
    public void Add(string set)
    {
        _sets[set] = new(code, DateTime.UtcNow);
        string whole = file + ".new";
        File.WriteAllText(whole, JsonSerializer.Serialize(_sets, Indented));
        File.Move(whole, file, overwrite: true);
    }

    private static SortedDictionary<string, Made> Read(string file) => new(
        File.Exists(file) ? JsonSerializer.Deserialize<Dictionary<string, Made>>(File.ReadAllText(file))! : [], StringComparer.Ordinal);

    private static string Git(string root, string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = root };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new FigureException($"git {arguments[0]} ended with {process.ExitCode}.");
    }

    /// <summary>A set that was made.</summary>
    private sealed record Made(string Code, DateTime Date);
}
