using System.Text.RegularExpressions;

namespace DeepLearn.PackageContent;

/// <summary>Adapts a README to the page of a package, which does not have the files to which relative links lead.</summary>
internal static partial class PackageReadme
{
    /// <summary>
    /// The text with absolute links: to the files of the given commit if the repository is on GitHub. Otherwise a relative link becomes its
    /// text, and a picture is removed.
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
