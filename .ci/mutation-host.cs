// Runs the tests of some namespaces once for each mutant, in this process, the quickest class first, until one fails:
// TESTS.dll MUTANTS RESULTS NAMESPACE...
// The variable WITHOUT names tests that are left out, LONGEST the most seconds of a processor that a class may take to be run; the names of
// those that take more are written to RESULTS.leftout. MUTANTS has
// a number on each line; a line "NUMBER STATUS SECONDS TEST" is added to RESULTS for each, and what stands there is not done again.
//
// A process for each mutant would spend most of its time on starting. What makes one process safe: before the first mutant all tests run
// unchanged, so that static fields hold what unchanged code gave them; and after some mutants they run unchanged again. If they then fail,
// a mutant has left something behind, and all since the last such run are done again by the next process, each with a run of its own before
// and after.
// Exit codes: 0 all done, 7 something was left behind, 8 a mutant took too long, eight times the usual (noted), 1 the tests fail without a
// mutant.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.Runner.InProc.SystemConsole;

const int Between = 25;
const double Waited = 600;
string tests = Path.GetFullPath(args[0]), mutants = args[1], results = args[2];
string[] namespaces = args[3..];
string[] slow = (Environment.GetEnvironmentVariable("WITHOUT") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
Assembly program = Assembly.LoadFrom(tests);
Assembly library = Assembly.LoadFrom(Path.Combine(Path.GetDirectoryName(tests)!, "DeepLearn.Core.dll"));
FieldInfo active = library.GetTypes().Single(type => type.Name == "MutantControl").GetField("ActiveMutant")!;
active.SetValue(null, -1);
foreach (Type type in program.GetTypes().Where(IsWanted))
    RuntimeHelpers.RunClassConstructor(type.TypeHandle);

// The second run shows what each class takes once all is compiled, in time of processors, which does not depend on what else the machine
// does.
string[] classes =
[
    .. program.GetTypes().Where(type => IsWanted(type) && type.IsPublic && !type.IsAbstract).Select(type => type.FullName!),
];
if (await Run(null) is { } broken)
{
    Console.Error.WriteLine($"Without a mutant, {broken}");
    return 1;
}
double first = Processor();
Dictionary<string, double> cost = [];
foreach (string one in classes)
{
    double before = Processor();
    await RunClass(one, false);
    cost[one] = Processor() - before;
}
Array.Sort(classes, (x, y) => cost[x].CompareTo(cost[y]));
double longest = double.Parse(Environment.GetEnvironmentVariable("LONGEST") ?? "1e9", CultureInfo.InvariantCulture);
string[] leftOut = [.. classes.Where(one => cost[one] > longest)];
if (leftOut.Length > 0)
{
    Console.WriteLine($"left out, as too long: {string.Join(", ", leftOut)}");
    File.WriteAllLines(results + ".leftout", leftOut);
}
classes = [.. classes.Except(leftOut)];
double usual = classes.Sum(one => cost[one]), limit = Math.Max(10, 8 * usual);
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{classes.Length} classes take {first:0.0} s of a processor at first, then {usual:0.0} s; "
    + $"the last, {classes[^1]}, {cost[classes[^1]]:0.0} s"));

HashSet<string> done = [.. File.Exists(results) ? File.ReadLines(results).Select(line => line.Split(' ')[0]) : []];
string[] left = [.. File.ReadLines(mutants).Where(number => !done.Contains(number))];
string suspectsFile = results + ".suspects";
HashSet<string> suspects = [.. File.Exists(suspectsFile) ? File.ReadLines(suspectsFile) : []];
List<string> unconfirmed = [];
double began = 0;
long started = 0;
string current = "";
new Thread(Watch) { IsBackground = true }.Start();
foreach (string mutant in left)
{
    current = mutant;
    File.WriteAllText(results + ".current", mutant);
    began = Processor();
    Volatile.Write(ref started, Stopwatch.GetTimestamp());
    active.SetValue(null, int.Parse(mutant, CultureInfo.InvariantCulture));
    long start = Stopwatch.GetTimestamp();
    string? failed = await Run(mutant);
    active.SetValue(null, -1);
    Volatile.Write(ref started, 0);
    unconfirmed.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"{mutant} {(failed is null ? "survived" : "killed")} {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} {failed}").TrimEnd());
    if (unconfirmed.Count < Between && !suspects.Contains(mutant) && mutant != left[^1])
        continue;
    bool clean = await Run(null) is null;
    if (clean || unconfirmed.Count == 1)
        File.AppendAllLines(results, unconfirmed);
    else
        File.AppendAllLines(suspectsFile, unconfirmed.Select(line => line.Split(' ')[0]));
    if (!clean)
        return 7;
    unconfirmed.Clear();
}
return 0;

bool IsWanted(Type type) => !type.ContainsGenericParameters
    && namespaces.Any(name => type.FullName!.StartsWith(name, StringComparison.Ordinal));

// The test that failed, or null.
async Task<string?> Run(string? mutant)
{
    foreach (string one in classes)
    {
        if (await RunClass(one, mutant is not null) is { } failed)
            return failed;
    }
    return null;
}

async Task<string?> RunClass(string name, bool stops)
{
    string[] options =
    [
        "-class", name, .. slow.SelectMany(test => new[] { "-method-", "*." + test }), "-noColor", "-noLogo", "-noAutoReporters",
        .. stops ? new[] { "-stopOnFail" } : [],
    ];
    var output = new StringWriter();
    int code = await new ConsoleRunner(options, program).EntryPoint(null, output);
    return code == 0 ? null
        : output.ToString().Split('\n').FirstOrDefault(line => line.Contains("[FAIL]", StringComparison.Ordinal))?.Trim()
            ?? $"{name}, exit code {code}";
}

// Endless loops cannot be stopped from outside: the process ends, and the next goes on behind the mutant. So it is where tests wait for
// what never comes.
void Watch()
{
    while (true)
    {
        Thread.Sleep(250);
        long since = Volatile.Read(ref started);
        if (since == 0 || (Processor() - began < limit && Stopwatch.GetElapsedTime(since).TotalSeconds < Waited))
            continue;
        File.AppendAllLines(results, [.. unconfirmed, string.Create(CultureInfo.InvariantCulture, $"{current} timeout {limit:0.00}")]);
        Environment.Exit(8);
    }
}

// The seconds of processors that this process has had.
static double Processor()
{
    using Process self = Process.GetCurrentProcess();
    return self.TotalProcessorTime.TotalSeconds;
}
