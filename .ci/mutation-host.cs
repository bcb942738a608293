// Runs, for each mutant in turn and in this process, the tests that reach it, the quickest first, until one fails:
// TESTS.dll MUTANTS RESULTS NAMESPACE...
// MUTANTS has a number on each line; a line "NUMBER STATUS SECONDS TEST" is added to RESULTS for each, and what stands there is not done
// again. First all tests of the namespaces run once without a mutant, and "TEST SECONDS MUTANTS" is added to RESULTS.tests for each: the
// time of processors it took, which does not depend on what else the machine does, and the mutants whose places it came by. A test that
// takes more seconds than the variable LONGEST is stopped there and left out.
//
// A process for each mutant would spend most of its time on starting. What makes one process safe: the tests that failed run once more
// without the mutant. If they fail again, some mutant has left something behind in the process, as in a static field. The next process then
// begins with the mutant that was under way, and what fails there is its own doing.
// Exit codes: 0 all done, 7 something was left behind, 8 a mutant took too long, eight times what its tests take, or a test longer than
// LONGEST (both noted), 1 the tests fail without a mutant.
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.Runner.InProc.SystemConsole;

// Quick tests run together, since each run looks for all tests anew.
const double Together = 1, Waited = 600, LeastLimit = 10;
string testsLibrary = Path.GetFullPath(args[0]), mutants = args[1], results = args[2], testsFile = results + ".tests";
string[] namespaces = args[3..];
double longest = double.Parse(Environment.GetEnvironmentVariable("LONGEST") ?? "1e9", CultureInfo.InvariantCulture);
Assembly program = Assembly.LoadFrom(testsLibrary);
Assembly library = Assembly.LoadFrom(Path.Combine(Path.GetDirectoryName(testsLibrary)!, "DeepLearn.Core.dll"));
Type switches = library.GetTypes().Single(type => type.Name == "MutantControl");
FieldInfo active = switches.GetField("ActiveMutant")!;
bool[] reached = (bool[])switches.GetField("Seen")!.GetValue(null)!;
active.SetValue(null, -1);
foreach (Type type in program.GetTypes().Where(IsWanted))
    RuntimeHelpers.RunClassConstructor(type.TypeHandle);

string current = "";
Action late = () => { };
double began = 0, limit = 0;
long started = 0;
bool fresh = true;
new Thread(Watch) { IsBackground = true }.Start();
if (await Measure() is { } broken)
{
    Console.Error.WriteLine($"Without a mutant, {broken}");
    return 1;
}
Test[] tests = [.. File.ReadLines(testsFile).Select(Test.Parse).OrderBy(test => test.Seconds)];
HashSet<string> done = [.. FirstWords(results)];
foreach (string mutant in File.ReadLines(mutants).Where(number => !done.Contains(number)))
{
    int number = int.Parse(mutant, CultureInfo.InvariantCulture);
    Test[] reaching = [.. tests.Where(test => test.Mutants.Contains(number))];
    Test[][] groups = [.. Groups(reaching.Where(test => test.Seconds <= longest))];
    current = mutant;
    File.WriteAllText(results + ".current", mutant);
    long start = Stopwatch.GetTimestamp();
    (string? failed, int at) = (null, 0);
    active.SetValue(null, number);
    Expect(Math.Max(LeastLimit, 8 * groups.Sum(Cost)), () => Note("timeout", limit, null));
    for (; at < groups.Length && failed is null; at++)
        failed = await Run(groups[at], stops: true);
    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    active.SetValue(null, -1);
    bool clean = true;
    if (failed is not null)
    {
        Expect(Math.Max(LeastLimit, 8 * Cost(groups[at - 1])), fresh ? () => Note("killed", limit, failed) : () => { });
        clean = await Run(groups[at - 1], stops: true) is null;
    }
    Volatile.Write(ref started, 0);
    if (clean || fresh)
        Note(reaching.Length == 0 ? "unreached" : failed is null ? "survived" : "killed", seconds, failed);
    if (!clean)
        return 7;
    fresh = false;
}
return 0;

bool IsWanted(Type type) => !type.ContainsGenericParameters
    && namespaces.Any(name => type.FullName!.StartsWith(name, StringComparison.Ordinal));

static IEnumerable<string> FirstWords(string file) => File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(' ')[0]) : [];

// What each test takes and which mutants it reaches; the first that fails, or null.
async Task<string?> Measure()
{
    File.Delete(results + ".current");
    int[] numbers = [.. File.ReadLines(mutants).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
    HashSet<string> measured = [.. FirstWords(testsFile)];
    int before = measured.Count;
    foreach (Type type in program.GetTypes().Where(type => IsWanted(type) && type.IsPublic && !type.IsAbstract))
    {
        foreach (MethodInfo method in type.GetMethods().Where(IsTest))
        {
            string name = $"{type.FullName}.{method.Name}";
            if (!measured.Add(name))
                continue;
            Array.Clear(reached);
            Expect(longest, () => NoteTest(double.PositiveInfinity));
            if (await Run([new(name, 0, [])], stops: false) is { } failed)
                return failed;
            Volatile.Write(ref started, 0);
            NoteTest(Processor() - began);

            void NoteTest(double seconds)
            {
                string places = string.Join(',', numbers.Where(number => reached[number]));
                File.AppendAllLines(testsFile, [string.Create(CultureInfo.InvariantCulture, $"{name} {seconds:0.000} {places}")]);
            }
        }
    }
    if (measured.Count > before)
        Console.WriteLine($"{measured.Count} tests");
    return null;
}

static bool IsTest(MethodInfo method) =>
    method.GetCustomAttributes().Any(attribute => attribute.GetType().GetInterfaces().Any(one => one.Name == "IFactAttribute"));

static double Cost(Test[] some) => some.Sum(test => test.Seconds);

static IEnumerable<Test[]> Groups(IEnumerable<Test> tests)
{
    List<Test> group = [];
    foreach (Test test in tests)
    {
        group.Add(test);
        if (Cost([.. group]) < Together)
            continue;
        yield return [.. group];
        group.Clear();
    }
    if (group.Count > 0)
        yield return [.. group];
}

// The test that failed, or null.
async Task<string?> Run(Test[] some, bool stops)
{
    string[] options =
    [
        .. some.SelectMany(test => new[] { "-method", test.Name }), "-noColor", "-noLogo", "-noAutoReporters",
        .. stops ? new[] { "-stopOnFail" } : [],
    ];
    var output = new StringWriter();
    int code = await new ConsoleRunner(options, program).EntryPoint(null, output);
    return code == 0 ? null
        : output.ToString().Split('\n').FirstOrDefault(line => line.Contains("[FAIL]", StringComparison.Ordinal))?.Trim()
            ?? $"{some[0].Name} or one of {some.Length}, exit code {code}";
}

void Note(string status, double seconds, string? test) => File.AppendAllLines(
    results, [string.Create(CultureInfo.InvariantCulture, $"{current} {status} {seconds:0.00} {test}").TrimEnd()]);

// What begins now may take so many seconds of a processor; if it takes longer, this is noted.
void Expect(double seconds, Action note)
{
    late = note;
    began = Processor();
    limit = seconds;
    Volatile.Write(ref started, Stopwatch.GetTimestamp());
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
        late();
        Environment.Exit(8);
    }
}

// The seconds of processors that this process has had.
static double Processor()
{
    using Process self = Process.GetCurrentProcess();
    return self.TotalProcessorTime.TotalSeconds;
}

internal sealed record Test(string Name, double Seconds, HashSet<int> Mutants)
{
    public static Test Parse(string line)
    {
        string[] parts = line.Split(' ');
        return new(
            parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture),
            [.. parts[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
    }
}
