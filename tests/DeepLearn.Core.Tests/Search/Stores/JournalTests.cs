using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Search.Stores;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoarseToFineSearch _search = Searches.TwoStages(2);
    private readonly string _path;

    public JournalTests() => _path = _folder.File("trials.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Journal_cut_at_any_byte_resumes_to_the_same_results()
    {
        CoarseToFineSearch search = Searches.TwoStages(1);
        SearchResult expected = Run(out _, search).Timeless();
        byte[] whole = File.ReadAllBytes(_path);
        // A header, and two lines for each of three trials: it began, it ended.
        int[] ends = [.. Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n')];
        Assert.Equal(7, ends.Length);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_path, whole[..length]);
            Assert.Equal(expected, Run(out int runs, search).Timeless());

            // A line is whole without the byte that ends it; every whole line's trial is kept.
            int kept = Math.Max(0, ends.Count(end => end <= length) - 1) / 2;
            Assert.Equal(3 - kept, runs);
            AssertWhole(trials: 3);
        }
    }

    [Fact]
    public void Journal_tail_of_zeros_or_rubbish_is_cut_off()
    {
        SearchResult expected = Run(out _).Timeless();
        byte[] whole = File.ReadAllBytes(_path);
        int header = Array.IndexOf(whole, (byte)'\n') + 1;
        byte[] zeros = new byte[100], rubbish = Encoding.UTF8.GetBytes("{\"check\":\"0123456789abcdef\",\"stage\":0}\u0001rubbish");
        foreach (byte[] tail in new[] { zeros, rubbish })
        {
            foreach (int length in new[] { 0, 5, header - 1, header, header + 40, whole.Length - 1, whole.Length })
            {
                if (tail == rubbish && length < header)
                    continue; // Might be somebody's file: see below.
                File.WriteAllBytes(_path, [.. whole[..length], .. tail]);
                Assert.Equal(expected, Run(out _).Timeless());
                AssertWhole(trials: 5);
            }
        }
    }

    [Fact]
    public void Journal_flipped_bit_in_the_last_line_costs_that_trial_alone()
    {
        SearchResult expected = Run(out _).Timeless();
        byte[] whole = File.ReadAllBytes(_path);
        int last = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (int i = last; i < whole.Length - 1; i += 7)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 4;
            File.WriteAllBytes(_path, damaged);
            Assert.Equal(expected, Run(out int runs).Timeless());
            Assert.Equal(1, runs);
            AssertWhole(trials: 5);
        }
    }

    [Fact]
    public void Journal_damage_before_good_lines_is_refused_with_its_place()
    {
        SearchResult expected = Run(out _).Timeless();
        string[] lines = File.ReadAllLines(_path);
        string damaged = string.Join('\n', [.. lines[..4], lines[4].Replace("number", "numbex"), .. lines[5..]]) + "\n";
        File.WriteAllText(_path, damaged);
        string message = Assert.Throws<TrialStoreException>(() => Run(out _)).Message;
        Assert.Contains(_path, message);
        Assert.Contains($"line 5, at offset {lines[..4].Sum(line => line.Length + 1)}", message);
        Assert.Equal(damaged, File.ReadAllText(_path));

        // What the message advises.
        File.WriteAllLines(_path, [.. lines[..4], .. lines[5..]]);
        Assert.Equal(expected, Run(out int runs).Timeless());
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Journal_damage_of_several_lines_at_the_end_is_refused_and_left_alone()
    {
        Run(out _);
        string[] lines = File.ReadAllLines(_path);
        string damaged = string.Join('\n', [.. lines[..^3], .. lines[^3..].Select(line => line.Replace("number", "numbex"))]) + "\n";
        File.WriteAllText(_path, damaged);
        Assert.Contains($"line {lines.Length - 2}, at offset", Assert.Throws<TrialStoreException>(() => Run(out _)).Message);
        Assert.Equal(damaged, File.ReadAllText(_path));
    }

    [Fact]
    public void Journal_deleted_or_replaced_while_it_is_open_is_an_error()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("A file that is open cannot be deleted there.");
        foreach (Action harm in new[] { () => File.Delete(_path), () => File.Move(_folder.File("other"), _path, overwrite: true) })
        {
            File.WriteAllText(_folder.File("other"), "other");
            var exception = Assert.Throws<TrialStoreException>(() => _search.Run(
                (trial, _, _) =>
                {
                    if (trial.Number == 1)
                        harm();
                    return new(1);
                },
                new() { Store = new JournalTrialStore(_path), Executor = new InlineExecutor() }));
            Assert.Contains(_path, exception.Message);
            Assert.Contains("deleted or replaced", exception.Message);
            File.Delete(_path);
        }
    }

    [Fact]
    public void Journal_through_a_symbolic_link_is_written_and_read()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("A link needs rights there.");
        string target = _folder.File("target"), link = _folder.File("link");
        File.WriteAllText(target, "");
        File.CreateSymbolicLink(link, target);
        int run = 0;
        for (int i = 0; i < 2; i++)
        {
            _search.Run(
                (_, _, _) => new(run++),
                new() { Store = new JournalTrialStore(link), Executor = new InlineExecutor() });
            Assert.True(run > 1);
        }
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal(File.ReadAllLines(target), File.ReadAllLines(link));
    }

    [Fact]
    public void Journal_where_file_locks_are_not_honored_is_refused()
    {
        string message = ChildProbe.Run("journal", ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"));
        Assert.Contains("cannot be locked", message);
        Assert.Contains("trials.jsonl", message);
        Assert.Equal("opened", ChildProbe.Run("journal"));
    }

    /// <summary>What the other process does: it opens a journal, and says what came of it.</summary>
    internal static string Open()
    {
        using var folder = new TemporaryFolder();
        try
        {
            using TrialLog log = new JournalTrialStore(folder.File("trials.jsonl")).Open(Searches.TwoStages().Identity());
            return "opened";
        }
        catch (TrialStoreException exception)
        {
            return exception.Message;
        }
    }

    [Fact]
    public void Journal_line_longer_than_any_buffer_is_read_back()
    {
        var failed = Assert.Throws<SearchFailedException>(() => Searches.TwoStages(1).Run(
            (_, _, _) => throw new InvalidOperationException(new string('x', 5_000_000))));
        Assert.InRange(failed.Message.Length, 500, 1500);
        TrialResult expected = failed.Partial.Ranked[0];
        using (TrialLog log = new JournalTrialStore(_path).Open(_search.Identity()))
            log.Append(expected);
        using (TrialLog log = new JournalTrialStore(_path).Open(_search.Identity()))
            Assert.Equal(expected, Assert.Single(log.Recorded));
    }

    [Fact]
    public void Journal_of_another_search_without_a_trial_is_refused_with_advice_and_left_alone()
    {
        using (TrialLog log = new JournalTrialStore(_path).Open(_search.Identity()))
            log.Start(_search.Run(Searches.Objective).Ranked[0].Trial);
        byte[] before = File.ReadAllBytes(_path);
        string message = Assert.Throws<IdentityMismatchException>(() => Run(out _, _search with { Seed = 8 })).Message;
        Assert.Contains("holds no trial so far and may be deleted, belongs to another run: expected seed \"8\", found \"7\"", message);
        Assert.Equal(before, File.ReadAllBytes(_path));
        Run(out int runs);
        Assert.Equal(5, runs);
    }

    [Theory]
    [InlineData("Dear diary,\n")]
    [InlineData("{\"check\":\"0123456789abcdef\",\"format\":\"DeepLearn search journal 1\"}\n")]
    [InlineData("\u0001")]
    public void Journal_file_of_another_kind_is_refused_and_left_alone(string text)
    {
        File.WriteAllText(_path, text);
        string message = Assert.Throws<TrialStoreException>(() => Run(out _)).Message;
        Assert.Contains(_path, message);
        Assert.Contains("is not a journal of trials", message);
        Assert.Equal(text, File.ReadAllText(_path));
    }

    [Fact]
    public void Journal_of_a_newer_version_is_refused_by_its_format_and_left_alone()
    {
        Run(out _);
        string[] lines = File.ReadAllLines(_path);
        string body = lines[0][28..].Replace("search journal 1", "search journal 2", StringComparison.Ordinal);
        string check = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..16];
        File.WriteAllLines(_path, [$"{{\"check\":\"{check}\",{body}", .. lines[1..]]);
        byte[] before = File.ReadAllBytes(_path);
        string message = Assert.Throws<TrialStoreException>(() => Run(out _)).Message;
        Assert.Contains("expected \"DeepLearn search journal 1\", found \"DeepLearn search journal 2\"", message);
        Assert.Equal(before, File.ReadAllBytes(_path));
    }

    [Fact]
    public void Journal_path_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder.File("file"), "");
        foreach (string path in new[] { _folder.Path, _folder.File("file/trials.jsonl") })
        {
            string message = Assert.Throws<TrialStoreException>(
                () => _search.Run(Searches.Objective, new() { Store = new JournalTrialStore(path) })).Message;
            Assert.Contains(path, message);
        }
        Assert.Throws<ArgumentException>(() => new JournalTrialStore(" "));
    }

    [Fact]
    public void Journal_full_disk_is_named()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("There is no /dev/full on this system.");
        string message = Assert.Throws<TrialStoreException>(
            () => _search.Run(Searches.Objective, new() { Store = new JournalTrialStore("/dev/full") })).Message;
        Assert.Contains("/dev/full", message);
        Assert.Contains("No space left", message);
    }

    [Fact]
    public void Journal_missing_folder_is_made()
    {
        string path = _folder.File("a/b/trials.jsonl");
        _search.Run(Searches.Objective, new() { Store = new JournalTrialStore(path) });
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Journal_is_JSON_lines_that_other_programs_can_read()
    {
        SearchResult result = Run(out _);
        string[] lines = File.ReadAllLines(_path);
        Assert.Equal(
            Searches.Space.ToString(), JsonDocument.Parse(lines[0]).RootElement.GetProperty("search").GetProperty("space").GetString());
        foreach (string line in lines[1..])
        {
            JsonElement root = JsonDocument.Parse(line).RootElement;
            if (root.GetProperty("state").GetString() == "started")
                continue;
            StageResult stage = result.Stages[root.GetProperty("stage").GetInt32()];
            TrialResult trial = stage.Results[root.GetProperty("number").GetInt32()];
            Assert.Equal(trial.Trial.Value("lambda"), root.GetProperty("values").GetProperty("lambda").GetDouble());
            Assert.Equal(trial.Trial.Choice("activation"), root.GetProperty("values").GetProperty("activation").GetString());
            Assert.Equal(trial.Score, root.GetProperty("score").GetDouble());
            Assert.Equal(trial.Seconds, root.GetProperty("seconds").GetDouble());
        }
    }

    private SearchResult Run(out int runs, CoarseToFineSearch? search = null)
    {
        int count = 0;
        SearchResult result = (search ?? _search).Run(
            (trial, context, token) =>
            {
                Interlocked.Increment(ref count);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = new JournalTrialStore(_path), Executor = new InlineExecutor() });
        runs = count;
        return result;
    }

    private void AssertWhole(int trials)
    {
        byte[] bytes = File.ReadAllBytes(_path);
        Assert.Equal((byte)'\n', bytes[^1]);
        Assert.DoesNotContain((byte)0, bytes);
        string[] results = [.. File.ReadAllLines(_path).Where(line => line.Contains("\"score\":"))];
        Assert.Equal(trials, results.Length);
        Assert.Equal(trials, results.Select(line => line[9..]).Distinct().Count());
    }
}
