// The mutants that no test noticed, and a score for each file: dotnet run .ci/mutation-report.cs -- REPORT.json RESULTS
// REPORT.json is Stryker.NET's list of mutants, RESULTS what .ci/mutation-host.cs found for each. A mutant counts as killed too if the
// tests took too long with it, or their process ended. With --numbers REPORT.json: the numbers of the mutants that can be tested, shuffled,
// so that a run that was stopped is a fair sample.
using System.Text.Json;

// Stryker worked on a copy in a folder of its own.
const string Sources = "src/DeepLearn.Core/";
bool numbers = args[0] == "--numbers";
using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(args[numbers ? 1 : 0]));
Dictionary<string, string> found =
    numbers ? [] : File.ReadLines(args[1]).Select(line => line.Split(' ')).ToDictionary(part => part[0], part => part[1]);
var rows = new List<Row>();
var all = new List<string>();
int notCompiled = 0, ignored = 0, untested = 0;
foreach (JsonProperty file in report.RootElement.GetProperty("files").EnumerateObject())
{
    string name = file.Name[(file.Name.LastIndexOf(Sources, StringComparison.Ordinal) + Sources.Length)..];
    string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
    var counts = new Dictionary<string, int>();
    foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
    {
        string status = mutant.GetProperty("status").GetString()!, number = mutant.GetProperty("id").GetString()!;
        if (status == "CompileError")
            notCompiled++;
        else if (status == "Ignored")
            ignored++;
        if (status is "CompileError" or "Ignored")
            continue;
        if (numbers)
        {
            all.Add(number);
            continue;
        }
        if (!found.TryGetValue(number, out string? result))
        {
            untested++;
            continue;
        }
        counts[result] = counts.GetValueOrDefault(result) + 1;
        if (result == "killed")
            continue;
        JsonElement begin = mutant.GetProperty("location").GetProperty("start");
        int line = begin.GetProperty("line").GetInt32(), column = begin.GetProperty("column").GetInt32();
        string replacement = mutant.TryGetProperty("replacement", out JsonElement text) ? text.GetString() ?? "" : "";
        replacement = string.Join(' ', replacement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Console.WriteLine(
            $"{result}: {name}:{line}:{column} {mutant.GetProperty("mutatorName").GetString()}: {lines[line - 1].Trim()} -> {replacement}");
    }
    int Of(string result) => counts.GetValueOrDefault(result);
    rows.Add(new(name, Of("killed"), Of("timeout"), Of("crashed"), Of("survived") + Of("unreached")));
}
if (numbers)
{
    string[] shuffled = [.. all];
    new Random(1).Shuffle(shuffled);
    Array.ForEach(shuffled, Console.WriteLine);
    return;
}
Console.WriteLine();
rows.RemoveAll(row => row.All == 0);
foreach (Row row in rows.OrderBy(row => row.File, StringComparer.Ordinal))
    Console.WriteLine(row);
Console.WriteLine(new Row(
    "in all", rows.Sum(row => row.Killed), rows.Sum(row => row.TimedOut), rows.Sum(row => row.Crashed), rows.Sum(row => row.Survived)));
Console.WriteLine(
    $"besides, {notCompiled} do not compile, and Stryker leaves out {ignored} that are part of another"
    + (untested > 0 ? $"; {untested} were not tested" : ""));

internal sealed record Row(string File, int Killed, int TimedOut, int Crashed, int Survived)
{
    public int All => Noticed + Survived;

    private int Noticed => Killed + TimedOut + Crashed;

    public override string ToString() =>
        $"{File,-60} {Noticed,5} of {All,5} noticed, {100.0 * Noticed / All,6:0.0} % "
        + $"({TimedOut} by time, {Crashed} by a process that ended)";
}
