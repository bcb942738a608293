// The score of a report that Stryker.NET wrote, file by file, and the mutants that no test noticed:
// dotnet run .ci/mutation-report.cs -- REPORT.json...
using System.Text.Json;

var rows = new List<(string File, int Killed, int TimedOut, int Survived, int NotRun)>();
var survivors = new List<string>();
foreach (string path in args)
{
    using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(path));
    foreach (JsonProperty file in report.RootElement.GetProperty("files").EnumerateObject())
    {
        string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
        JsonElement[] mutants = [.. file.Value.GetProperty("mutants").EnumerateArray()];
        rows.Add((file.Name, Count("Killed"), Count("Timeout"), Count("Survived"), Count("NoCoverage")));
        foreach (JsonElement mutant in mutants.Where(mutant => Status(mutant) is "Survived" or "NoCoverage"))
        {
            JsonElement begin = mutant.GetProperty("location").GetProperty("start");
            int line = begin.GetProperty("line").GetInt32(), column = begin.GetProperty("column").GetInt32();
            string replacement = mutant.GetProperty("replacement").GetString()!;
            replacement = string.Join(' ', replacement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            survivors.Add($"{file.Name}:{line}:{column} {(Status(mutant) == "Survived" ? "survived" : "not run")}: "
                + $"{mutant.GetProperty("mutatorName").GetString()}: {lines[line - 1].Trim()} -> {replacement}");
        }

        int Count(string status) => mutants.Count(mutant => Status(mutant) == status);
    }
}

survivors.ForEach(Console.WriteLine);
Console.WriteLine();
rows.RemoveAll(row => row.Killed + row.TimedOut + row.Survived + row.NotRun == 0);
foreach (var row in rows.OrderBy(row => row.File, StringComparer.Ordinal))
    Console.WriteLine(Row(row.File, row));
int killed = rows.Sum(row => row.Killed), timedOut = rows.Sum(row => row.TimedOut), survived = rows.Sum(row => row.Survived);
Console.WriteLine(Row("in all", ("", killed, timedOut, survived, rows.Sum(row => row.NotRun))));

static string Status(JsonElement mutant) => mutant.GetProperty("status").GetString()!;

static string Row(string name, (string File, int Killed, int TimedOut, int Survived, int NotRun) row)
{
    int all = row.Killed + row.TimedOut + row.Survived + row.NotRun;
    return $"{name,-60} {row.Killed + row.TimedOut,5} of {all,5} killed, {100.0 * (row.Killed + row.TimedOut) / all,6:0.0} %"
        + $" ({row.TimedOut} by time, {row.NotRun} not run by a test)";
}
