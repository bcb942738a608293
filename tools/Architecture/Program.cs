using DeepLearn.Tensors;
using DeepLearn.Tools.Architecture;

CompiledReferences references = CompiledReferences.Read(typeof(Matrix<>).Assembly.Location);
switch (args)
{
    case ["faults"]:
        var folders = new FolderGraph(references, folder => folder);
        foreach (IReadOnlyList<string> cycle in folders.Cycles())
        {
            Console.WriteLine($"cycle: {string.Join(", ", cycle)}");
            foreach ((string from, string to) in folders.Edges.Where(edge => cycle.Contains(edge.From) && cycle.Contains(edge.To)))
            {
                foreach (string use in folders.Uses(from, to).Select(use => use.ToString()).Distinct())
                    Console.WriteLine($"    {use}");
            }
        }
        foreach ((string fault, IReadOnlyList<string> places) in ClosedDoors.Find(references).OrderBy(door => door.Key))
        {
            Console.WriteLine(fault);
            foreach (string place in places)
                Console.WriteLine($"    {place}");
        }
        return 0;
    case ["draw", ..] when args.Length <= 2:
        string root = args.Length == 2 ? args[1] : Directory.GetCurrentDirectory();
        string page = Path.Combine(root, ArchitecturePage.Path), picture = Path.Combine(root, ArchitecturePage.PicturePath);
        File.WriteAllText(page, ArchitecturePage.WithTable(File.ReadAllText(page), references));
        Directory.CreateDirectory(Path.GetDirectoryName(picture)!);
        File.WriteAllText(picture, Picture.Draw(references));
        Console.WriteLine($"{page}\n{picture}");
        return 0;
    case ["public"]:
        foreach (var folder in references.Types.Where(type => type.IsPublic).GroupBy(Folders.Of))
            Console.WriteLine($"{folder.Key} ({folder.Count()}): {string.Join(", ", folder.Select(Names.Of))}");
        return 0;
    default:
        Console.Error.WriteLine("Architecture draw [ROOT] | faults | public");
        return 1;
}
