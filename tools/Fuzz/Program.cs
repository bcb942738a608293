using System.Globalization;
using DeepLearn.Tools.Fuzz;

// dotnet run -c Release --project tools/Fuzz -- READER|all COUNT [SEED]
if (args is not [string reader, string number, ..] || !int.TryParse(number, CultureInfo.InvariantCulture, out int count))
{
    Console.Error.WriteLine($"Fuzz READER|all COUNT [SEED]; readers: {string.Join(", ", Readers.All.Select(one => one.Name))}");
    return 2;
}
ulong seed = args.Length > 2 ? ulong.Parse(args[2], CultureInfo.InvariantCulture) : 1;
int faults = 0;
foreach (Reader one in Readers.All.Where(one => reader == "all" || one.Name == reader))
{
    FuzzResult result = FuzzRun.Of(one, count, seed);
    Console.WriteLine(result);
    foreach (string fault in result.Faults.Take(5))
        Console.WriteLine($"    {fault}");
    faults += result.Faults.Count;
}
return faults == 0 ? 0 : 1;
