namespace DeepLearn.Foundation;

/// <summary>
/// Has the garbage collector free the large buffers that nobody will use any more, once there are enough of them.
/// </summary>
/// <remarks>
/// The buffers of a run are pinned, and the collector looks at such memory only when several times what was in use at its last look has
/// been added: a process that trains one large network after another (a search, a cross-validation) would hold four runs of them. Whoever
/// lets go of many says so here. A collection costs time by what lives, so it is due when what was let go of is a good part of that.
/// </remarks>
internal static class ReleasedMemory
{
    /// <summary>Less than this, in bytes, is left to the collector.</summary>
    public const long Least = 64L << 20;

    /// <summary>What was let go of is collected when it is this part of all that the collector manages.</summary>
    public const double Share = 0.25;

    private static readonly Lock Turn = new();
    private static long _released;
    private static int _collections;

    /// <summary>Says that buffers are out of use; nothing may refer to them any more.</summary>
    /// <param name="bytes">How many bytes they take.</param>
    public static void Add(long bytes)
    {
        lock (Turn)
        {
            int collections = GC.CollectionCount(GC.MaxGeneration);
            _released = (collections == _collections ? _released : 0) + bytes;
            _collections = collections;
            if (_released < Least || _released < Share * GC.GetTotalMemory(forceFullCollection: false))
                return;
            _released = 0;
        }

        // It waits, so that who goes on to the next run has the memory of this one for it; moving what lives would only take longer.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }
}
