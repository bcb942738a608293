using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Testing.Tests;

public sealed class TrialStoreFaultTests
{
    private enum Fault
    {
        None,
        BeginsWithATrial,
        LosesSignOfZero,
        LosesNaN,
        CutsLongTexts,
        ReplacesOddCharacters,
        GrowsUnderReaders,
        KeepsTheLast256,
        SortsByNumber,
        KeepsTheFirstResult,
        KeepsBothResults,
        OneThread,
        CountsNoStarts,
        CountsItsOwnStarts,
        CountsAbandonedTrials,
        CountsTrialsThatEnded,
        CountsByNumberAlone,
        NoLock,
        ClosesForOthers,
        LetsTwoInAtOnce,
        WritesWhenClosed,
        TakesAnySearch,
        TakesAnySearchWhileEmpty,
        TakesOnWhatItRefuses,
        ForgetsWhenClosed,
        TakesNull,
    }

    public static TheoryData<Planted> Faults =>
    [
        Of("a new store is empty", Fault.BeginsWithATrial),
        Of("what is kept is read back to the last bit", Fault.LosesSignOfZero),
        Of("what is kept is read back to the last bit", Fault.LosesNaN),
        Of("what is kept is read back to the last bit", Fault.CutsLongTexts),
        Of("what is kept is read back to the last bit", Fault.ReplacesOddCharacters),
        Of("the recorded trials are those at the opening", Fault.GrowsUnderReaders),
        Of("trials are kept in the order in which they ended", Fault.KeepsTheLast256),
        Of("trials are kept in the order in which they ended", Fault.SortsByNumber),
        Of("a later result supersedes an earlier one", Fault.KeepsTheFirstResult),
        Of("a later result supersedes an earlier one", Fault.KeepsBothResults),
        Of("trials are kept from any thread", Fault.OneThread),
        Of("starts count until the trial ends or is abandoned", Fault.CountsNoStarts),
        Of("starts count until the trial ends or is abandoned", Fault.CountsItsOwnStarts),
        Of("starts count until the trial ends or is abandoned", Fault.CountsAbandonedTrials),
        Of("starts count until the trial ends or is abandoned", Fault.CountsTrialsThatEnded),
        Of("starts count until the trial ends or is abandoned", Fault.CountsByNumberAlone),
        Of("one search has the store at a time", Fault.NoLock),
        Of("one search has the store at a time", Fault.ClosesForOthers),
        Of("one search has the store at a time", Fault.LetsTwoInAtOnce),
        Of("a closed log takes nothing more", Fault.WritesWhenClosed),
        Of("another search is refused and changes nothing", Fault.TakesAnySearch),
        Of("another search is refused and changes nothing", Fault.TakesAnySearchWhileEmpty),
        Of("another search is refused and changes nothing", Fault.TakesOnWhatItRefuses),
        Of("a search goes on from where it stopped", Fault.ForgetsWhenClosed),
        Of("null is refused", Fault.TakesNull),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void TrialStoreContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void TrialStoreContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(TrialStoreContract.Check(Open(Fault.None)), Faults.Select(row => row.Data));

    [Fact]
    public void TrialStoreContract_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TrialStoreContract.Check(Open(Fault.None), new() { Trials = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrialStoreContract.Check(Open(Fault.None), new() { Threads = 1 }));
    }

    private static Planted Of(string check, Fault fault) => new(check, () => TrialStoreContract.Check(Open(fault)), $"{fault}");

    private static Func<string, TrialStore> Open(Fault fault)
    {
        var stores = new Dictionary<string, Faulty>();
        return name =>
        {
            if (!stores.TryGetValue(name, out Faulty? store) || (fault == Fault.ForgetsWhenClosed && name == "resumed"))
                stores[name] = store = new(fault, name);
            return store;
        };
    }

    private sealed class Faulty(Fault fault, string name) : TrialStore
    {
        private readonly Lock _lock = new();
        private readonly List<TrialResult> _trials = [];
        private readonly Dictionary<(int, int), int> _starts = [];
        private RunIdentity? _identity;
        private bool _isOpen;

        public override TrialLog Open(RunIdentity identity)
        {
            ArgumentNullException.ThrowIfNull(identity);
            if (fault == Fault.LetsTwoInAtOnce && !_isOpen)
                Thread.Sleep(20);
            else
            {
                lock (_lock)
                    Take();
                return NewLog(identity);
            }
            _isOpen = true;
            return NewLog(identity);
        }

        private void Take()
        {
            if (_isOpen && fault != Fault.NoLock)
                throw new TrialStoreException("The store is in use.");
            _isOpen = true;
        }

        private Log NewLog(RunIdentity identity)
        {
            try
            {
                bool takesAny = fault == Fault.TakesAnySearch || (fault == Fault.TakesAnySearchWhileEmpty && _trials.Count == 0);
                if (_identity is not null && !takesAny)
                    identity.RequireSame(_identity, "The store");
            }
            catch
            {
                if (fault == Fault.TakesOnWhatItRefuses)
                    _identity = identity;
                _isOpen = false;
                throw;
            }
            if (fault == Fault.BeginsWithATrial && name == "new")
                _trials.Add(new(new(0, 0, 1, 1, new()), TrialState.Completed, 1));
            if (fault != Fault.TakesAnySearch)
                _identity = identity;
            _identity ??= identity;
            return new Log(this, fault, name);
        }

        private sealed class Log(Faulty store, Fault fault, string name) : TrialLog
        {
            private readonly int _thread = Environment.CurrentManagedThreadId;
            private readonly Dictionary<(int, int), int> _earlier =
                fault == Fault.CountsItsOwnStarts ? store._starts : new(store._starts);

            private bool _isClosed;

            public override IReadOnlyList<TrialResult> Recorded { get; } = fault switch
            {
                Fault.GrowsUnderReaders => store._trials,
                Fault.KeepsTheLast256 => [.. store._trials.TakeLast(256)],
                Fault.SortsByNumber when store._trials.Count > 20 =>
                    [.. store._trials.OrderBy(trial => (trial.Trial.Stage, trial.Trial.Number))],
                _ => [.. store._trials],
            };

            public override int StartsOf(Trial trial)
            {
                RefuseNull(trial);
                return trial is null ? 0 : _earlier.GetValueOrDefault(Key(trial));
            }

            public override void Start(Trial trial)
            {
                RefuseNull(trial);
                RequireOpen();
                if (trial is not null && fault != Fault.CountsNoStarts)
                    store._starts[Key(trial)] = store._starts.GetValueOrDefault(Key(trial)) + 1;
            }

            public override void Abandon(Trial trial)
            {
                RefuseNull(trial);
                RequireOpen();
                if (trial is not null && fault != Fault.CountsAbandonedTrials)
                    store._starts.Remove(Key(trial));
            }

            public override void Append(TrialResult result)
            {
                RefuseNull(result);
                RequireOpen();
                if (result is null)
                    return;
                if (fault == Fault.OneThread && name == "threads" && Environment.CurrentManagedThreadId != _thread)
                    throw new TrialStoreException("Another thread has opened the store.");
                if (fault != Fault.CountsTrialsThatEnded)
                    store._starts.Remove(Key(result.Trial));
                int before = store._trials.FindIndex(trial => KeyOf(trial.Trial) == KeyOf(result.Trial));
                if (before >= 0 && fault == Fault.KeepsTheFirstResult)
                    return;
                if (before >= 0 && fault != Fault.KeepsBothResults)
                    store._trials.RemoveAt(before);
                store._trials.Add(fault switch
                {
                    Fault.LosesSignOfZero => result with { Score = result.Score + 0.0 },
                    Fault.LosesNaN => result with { Metrics = [.. result.Metrics.Where(metric => !double.IsNaN(metric.Value))] },
                    Fault.CutsLongTexts => result with { Error = result.Error?[..Math.Min(result.Error.Length, 65_535)] },
                    Fault.ReplacesOddCharacters => result with { Error = result.Error?.Replace("\r\n", "\n") },
                    _ => result,
                });
            }

            public override void Dispose()
            {
                if (!_isClosed || fault == Fault.ClosesForOthers)
                    store._isOpen = false;
                _isClosed = true;
            }

            private static (int, int) KeyOf(Trial trial) => (trial.Stage, trial.Number);

            private (int, int) Key(Trial trial) => fault == Fault.CountsByNumberAlone ? (0, trial.Number) : KeyOf(trial);

            private void RefuseNull(object? argument)
            {
                if (fault != Fault.TakesNull)
                    ArgumentNullException.ThrowIfNull(argument);
            }

            private void RequireOpen() => ObjectDisposedException.ThrowIf(_isClosed && fault != Fault.WritesWhenClosed, this);
        }
    }
}
