// The score of a report that Stryker.NET wrote, file by file, the mutants that no test noticed, and those whose tests were stopped because
// they took too long, which count as killed: dotnet run .ci/mutation-report.cs -- REPORT.json...
using System.Text.Json;

// Stryker worked on a copy in a folder of its own.
const string Sources = "src/DeepLearn.Core/";

var rows = new List<Row>();
var mutants = new List<string>();
foreach (string path in args)
{
    using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(path));
    foreach (JsonProperty file in report.RootElement.GetProperty("files").EnumerateObject())
    {
        string name = file.Name[(file.Name.LastIndexOf(Sources, StringComparison.Ordinal) + Sources.Length)..];
        string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
        var counts = new Dictionary<string, int>();
        foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
        {
            string status = mutant.GetProperty("status").GetString()!;
            counts[status] = counts.GetValueOrDefault(status) + 1;
            string? word = status switch { "Survived" => "survived", "NoCoverage" => "not run", "Timeout" => "took too long", _ => null };
            if (word is null)
                continue;
            JsonElement begin = mutant.GetProperty("location").GetProperty("start");
            int line = begin.GetProperty("line").GetInt32(), column = begin.GetProperty("column").GetInt32();
            string replacement = mutant.TryGetProperty("replacement", out JsonElement text) ? text.GetString() ?? "" : "";
            replacement = string.Join(' ', replacement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            mutants.Add(
                $"{word}: {name}:{line}:{column} {mutant.GetProperty("mutatorName").GetString()}: {lines[line - 1].Trim()} -> "
                + replacement);
        }
        rows.Add(new(
            name, counts.GetValueOrDefault("Killed"), counts.GetValueOrDefault("Timeout"), counts.GetValueOrDefault("Survived"),
            counts.GetValueOrDefault("NoCoverage")));
    }
}

mutants.ForEach(Console.WriteLine);
Console.WriteLine();
rows.RemoveAll(row => row.All == 0);
foreach (Row row in rows.OrderBy(row => row.File, StringComparer.Ordinal))
    Console.WriteLine(row);
Console.WriteLine(new Row(
    "in all", rows.Sum(row => row.Killed), rows.Sum(row => row.TimedOut), rows.Sum(row => row.Survived), rows.Sum(row => row.NotRun)));

internal sealed record Row(string File, int Killed, int TimedOut, int Survived, int NotRun)
{
    public int All => Killed + TimedOut + Survived + NotRun;

    public override string ToString() =>
        $"{File,-60} {Killed + TimedOut,5} of {All,5} killed, {100.0 * (Killed + TimedOut) / All,6:0.0} % ({TimedOut} by time, "
        + $"{NotRun} not run by a test)";
}
