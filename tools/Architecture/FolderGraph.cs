namespace DeepLearn.Tools.Architecture;

/// <summary>Which folder uses which, with the uses themselves.</summary>
public sealed class FolderGraph
{
    private readonly Dictionary<(string From, string To), IReadOnlyList<Reference>> _edges;

    /// <summary>Groups the uses by folder.</summary>
    /// <param name="references">All uses of the assembly.</param>
    /// <param name="name">Maps a folder to the node of the graph: itself, or its top-level folder.</param>
    public FolderGraph(CompiledReferences references, Func<string, string> name)
    {
        Folders = [.. references.Types.Select(type => name(Architecture.Folders.Of(type))).Distinct().Order(StringComparer.Ordinal)];
        _edges = references.All
            .Where(use => use.From.Length > 0 && use.To.Length > 0 && name(use.From) != name(use.To))
            .GroupBy(use => (name(use.From), name(use.To)))
            .ToDictionary(uses => uses.Key, uses => (IReadOnlyList<Reference>)[.. uses]);
    }

    /// <summary>All folders, in alphabetical order.</summary>
    public IReadOnlyList<string> Folders { get; }

    /// <summary>All uses, in alphabetical order.</summary>
    public IEnumerable<(string From, string To)> Edges => _edges.Keys.Order();

    /// <summary>The uses of one folder by another; empty if there is no arrow.</summary>
    public IReadOnlyList<Reference> Uses(string from, string to) => _edges.GetValueOrDefault((from, to), []);

    /// <summary>The folders that one folder uses, in alphabetical order.</summary>
    public IEnumerable<string> UsedBy(string folder) => Edges.Where(edge => edge.From == folder).Select(edge => edge.To);

    /// <summary>Whether one folder uses another, directly or through others.</summary>
    public bool Reaches(string from, string to)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>(UsedBy(from));
        while (open.TryPop(out string? next))
        {
            if (next == to)
                return true;
            if (seen.Add(next))
            {
                foreach (string further in UsedBy(next))
                    open.Push(further);
            }
        }
        return false;
    }

    /// <summary>The groups of folders that use each other in a cycle, each in alphabetical order.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        var cycles = new List<IReadOnlyList<string>>();
        foreach (string folder in Folders)
        {
            if (cycles.Any(cycle => cycle.Contains(folder)))
                continue;
            string[] cycle = [.. Folders.Where(other => other == folder || (Reaches(folder, other) && Reaches(other, folder)))];
            if (cycle.Length > 1)
                cycles.Add(cycle);
        }
        return cycles;
    }

    /// <summary>The arrows without those that follow from others (the transitive reduction), as the picture shows them.</summary>
    public IEnumerable<(string From, string To)> Essential() =>
        Edges.Where(edge => !UsedBy(edge.From).Any(between => between != edge.To && Reaches(between, edge.To)));
}
