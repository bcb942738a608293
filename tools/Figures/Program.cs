using DeepLearn.Tools.Figures;

// dotnet run -c Release --project tools/Figures -- list | all [--continue] | SET... [--continue]
const string GoOn = "--continue";
if (args is [] or ["list"])
{
    foreach (FigureSet set in FigureSets.All)
        Console.WriteLine($"{set.Name,-22} {set.Minutes,4} min  {set.What}{(set.IsOnlyByName ? "; not with all" : "")}");
    return args is [] ? 2 : 0;
}
string[] names = [.. args.Where(arg => arg != GoOn)];
FigureSet[] chosen = [.. FigureSets.All.Where(set => names is ["all"] ? !set.IsOnlyByName : names.Contains(set.Name))];
if (names is not ["all"] && (names is [] || names.Except(FigureSets.All.Select(set => set.Name)).Any()))
{
    string known = string.Join(", ", FigureSets.All.Select(set => set.Name)), found = string.Join(' ', args);
    Console.Error.WriteLine($"error: expected all, list, or some of {known}, and after them {GoOn}; found '{found}'");
    return 2;
}
try
{
    string root = Workshop.FindRoot();
    var workshop = new Workshop(root);
    var made = new MadeSets(Path.Combine(workshop.Output(""), "made.json"), MadeSets.CodeOf(root));
    foreach (FigureSet set in chosen)
    {
        if (args.Contains(GoOn) && made.WhenMade(set.Name) is { } date)
        {
            Console.WriteLine($"== {set.Name}: made of this code, {date:yyyy-MM-dd HH:mm} UTC");
            continue;
        }
        Console.WriteLine($"== {set.Name}");
        set.Make(workshop);
        made.Add(set.Name);
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
