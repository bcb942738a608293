using DeepLearn.Tools.Figures;

// dotnet run -c Release --project tools/Figures -- list | all | SET...
if (args is [] or ["list"])
{
    foreach (FigureSet set in FigureSets.All)
        Console.WriteLine($"{set.Name,-16} {set.Minutes,4} min  {set.What}");
    return args is [] ? 2 : 0;
}
FigureSet[] chosen = args is ["all"] ? [.. FigureSets.All] : [.. FigureSets.All.Where(set => args.Contains(set.Name))];
if (args is not ["all"] && args.FirstOrDefault(name => FigureSets.All.All(set => set.Name != name)) is { } unknown)
{
    string names = string.Join(", ", FigureSets.All.Select(set => set.Name));
    Console.Error.WriteLine($"error: expected all, list, or some of {names}; found '{unknown}'");
    return 2;
}
try
{
    var workshop = new Workshop(Workshop.FindRoot());
    foreach (FigureSet set in chosen)
    {
        Console.WriteLine($"== {set.Name}");
        set.Make(workshop);
    }
    foreach (string page in workshop.Changed)
        Console.WriteLine($"changed: {page}");
    return 0;
}
catch (FigureException exception)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}
