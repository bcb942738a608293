using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Tests.Search.Stores;

/// <summary>A store that cannot be reached now and then: before a call, or after it, when its answer is lost.</summary>
/// <param name="inner">The store behind it.</param>
/// <param name="fails">Says by its number and name whether a call fails, and if so whether it was heard before.</param>
internal sealed class FlakyStore(SharedTrialStore inner, Func<int, string, FlakyStore.Failure> fails) : SharedTrialStore
{
    private int _calls;

    public enum Failure
    {
        None,
        NotHeard,
        AnswerLost,
    }

    public override SharedTrialLog Open(RunIdentity identity) => new Log(this, inner.Open(identity));

    private T Call<T>(string name, Func<T> call)
    {
        Failure failure = fails(Interlocked.Increment(ref _calls), name);
        if (failure == Failure.NotHeard)
            throw new TrialStoreUnavailableException("The link was cut.");
        T answer = call();
        return failure == Failure.AnswerLost ? throw new TrialStoreUnavailableException("The answer was lost.") : answer;
    }

    private sealed class Log(FlakyStore store, SharedTrialLog log) : SharedTrialLog
    {
        private readonly Dictionary<(int, int), TrialLease> _unheard = [];

        public override IReadOnlyList<TrialResult> Recorded => log.Recorded;

        public override TimeSpan Pause => log.Pause;

        public override int StartsOf(Trial trial) => log.StartsOf(trial);

        public override TrialLease? TryClaim(TrialClaim claim)
        {
            // A claim whose answer was lost is known again when it is made again, as the contract has it.
            TrialLease? lease = null;
            if (_unheard.Remove((claim.Stage, claim.Number), out TrialLease? unheard))
                return unheard;
            try
            {
                return store.Call("claim", () => lease = log.TryClaim(claim));
            }
            catch (TrialStoreUnavailableException) when (lease is not null)
            {
                _unheard[(claim.Stage, claim.Number)] = lease;
                throw;
            }
        }

        public override bool Renew(TrialLease lease) => store.Call("renew", () => log.Renew(lease));

        public override bool Complete(TrialLease lease, TrialResult result) => store.Call("complete", () => log.Complete(lease, result));

        public override void Release(TrialLease lease) => store.Call("release", () =>
        {
            log.Release(lease);
            return true;
        });

        public override TrialChanges ReadSince(long cursor) => store.Call("read", () => log.ReadSince(cursor));

        public override void Dispose() => log.Dispose();
    }
}
