using Xunit;

namespace DeepLearn.Tests.Architecture;

/// <summary>
/// Faults of the house that are known and about to go: the lines of <c>KnownFaults.txt</c>. A fault that is not listed fails its test; so
/// does a listed one that is there no longer. The list can only get shorter.
/// </summary>
internal static class KnownFaults
{
    private static readonly string File = Path.Combine(Repository.Root, "tests", "DeepLearn.Core.Tests", "Architecture", "KnownFaults.txt");

    /// <summary>Compares what a test found with what is listed under its heading.</summary>
    /// <param name="heading">The heading of the list.</param>
    /// <param name="found">The faults, each with the places where it stands.</param>
    public static void Compare(string heading, IReadOnlyDictionary<string, IReadOnlyList<string>> found)
    {
        string[] known = [.. Under(heading)];
        foreach (string fault in known.Intersect(found.Keys))
            TestContext.Current.SendDiagnosticMessage("known fault, {0}: {1}", heading, fault);
        if (known is ["*"])
            return; // work is under way everywhere
        IEnumerable<string> fresh = found.Where(fault => !known.Contains(fault.Key)).OrderBy(fault => fault.Key, StringComparer.Ordinal)
            .Select(fault => $"New: {fault.Key}\n    {string.Join("\n    ", fault.Value.Take(12))}");
        IEnumerable<string> gone = known.Except(found.Keys).Select(fault => $"Gone; take the line out of KnownFaults.txt: {fault}");
        string[] faults = [.. fresh, .. gone];
        Assert.True(faults.Length == 0, $"{heading}\n{string.Join('\n', faults)}");
    }

    private static IEnumerable<string> Under(string heading) =>
        System.IO.File.ReadLines(File).SkipWhile(
            line => line != $"# {heading}").Skip(1).TakeWhile(line => !line.StartsWith('#')).Where(line => line.Length > 0);
}
