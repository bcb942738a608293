using System.Text.RegularExpressions;

namespace DeepLearn.PackageContent;

/// <summary>A README's links lead to files beside it, which a package's page does not have.</summary>
internal static partial class PackageReadme
{
    /// <summary>
    /// The text with its relative links made absolute, to the commit at a repository's address; where there is no address whose files have
    /// one (GitHub's do), a link becomes its text, and a picture goes.
    /// </summary>
    public static string Of(string path, string root, string repository, string commit)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Match host = GitHub().Match(repository);
        return Link().Replace(File.ReadAllText(path), link =>
        {
            string target = link.Groups["target"].Value, text = link.Groups["text"].Value;
            bool isPicture = link.Groups["picture"].Length > 0;
            if (target.StartsWith('#') || target.Contains("://", StringComparison.Ordinal))
                return link.Value;
            if (!host.Success || commit.Length == 0)
                return isPicture ? "" : text;
            string[] parts = target.Split('#', 2);
            string file = Path.GetRelativePath(root, Path.Combine(folder, parts[0])).Replace('\\', '/');
            string name = host.Groups["name"].Value;
            string address = isPicture
                ? $"https://raw.githubusercontent.com/{name}/{commit}/{file}"
                : $"https://github.com/{name}/blob/{commit}/{file}{(parts.Length == 2 ? "#" + parts[1] : "")}";
            return $"{(isPicture ? "!" : "")}[{text}]({address})";
        });
    }

    [GeneratedRegex(@"(?<picture>!?)\[(?<text>[^\]\[]*)\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^https?://github\.com/(?<name>[^/]+/[^/]+?)(\.git)?/?$")]
    private static partial Regex GitHub();
}
