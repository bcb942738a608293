using System.Diagnostics;
using System.Globalization;
using DeepLearn.Tools.Soak;

// dotnet run -c Release --project tools/Soak -- MINUTES
if (args is not [string number] || !double.TryParse(number, CultureInfo.InvariantCulture, out double minutes) || !(minutes > 0))
{
    Console.Error.WriteLine(
        "Soak MINUTES: for so long, trains, cancels, resumes, saves, loads, predicts and searches; memory must stay flat.");
    return 2;
}
string folder = Directory.CreateTempSubdirectory("deeplearn-soak-").FullName;
try
{
    using var round = new SoakRound(folder);
    var log = new SoakLog();
    var time = Stopwatch.StartNew();
    var nextLine = TimeSpan.Zero;
    while (time.Elapsed < TimeSpan.FromMinutes(minutes) || log.Count < SoakLog.FewestRounds)
    {
        round.Run();
        log.Add(Usage.Now());
        if (time.Elapsed < nextLine)
            continue;
        Console.WriteLine($"{time.Elapsed:hh\\:mm\\:ss}  round {log.Count}: {log.Last}");
        nextLine = time.Elapsed + TimeSpan.FromMinutes(1);
    }
    Console.WriteLine($"{time.Elapsed:hh\\:mm\\:ss}, {log.Count} rounds, weights {round.Sha256[..16]} in each of them");
    foreach (string line in log.Compare())
        Console.WriteLine(line);
    return log.Grew ? 1 : 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
