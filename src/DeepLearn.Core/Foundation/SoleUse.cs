namespace DeepLearn.Foundation;

/// <summary>
/// Lets one thread at a time use what has room for one: a second one is refused, where both would work in the same memory and find
/// anything there.
/// </summary>
/// <param name="what">What is used, for the message: <c>The trainer</c>.</param>
/// <param name="advice">What to do instead, a sentence.</param>
internal sealed class SoleUse(string what, string advice)
{
    // The thread that uses it; 0 for none.
    private int _thread;

    /// <summary>Begins a use, which ends with the scope.</summary>
    /// <param name="mayBeWithin">Whether the thread may be using it already, as from a callback of what it calls.</param>
    /// <exception cref="InvalidOperationException">Another thread is using it, or this one, which may not.</exception>
    public Scope Begin(bool mayBeWithin = false)
    {
        int current = Environment.CurrentManagedThreadId;
        int user = Interlocked.CompareExchange(ref _thread, current, 0);
        if (user == 0)
            return new(this);
        if (user != current)
            throw new InvalidOperationException($"{what} is in use on another thread; expected one thread at a time. {advice}");
        return mayBeWithin
            ? default
            : throw new InvalidOperationException($"{what} is in use by what called this; expected one use at a time. {advice}");
    }

    /// <summary>A use, until it is disposed of.</summary>
    public readonly ref struct Scope
    {
        private readonly SoleUse? _use;

        internal Scope(SoleUse use) => _use = use;

        /// <summary>Ends the use.</summary>
        public void Dispose()
        {
            if (_use is not null)
                Volatile.Write(ref _use._thread, 0);
        }
    }
}
