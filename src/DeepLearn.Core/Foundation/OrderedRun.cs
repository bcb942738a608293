using System.Runtime.CompilerServices;

namespace DeepLearn.Foundation;

/// <summary>
/// The hand-over of an <see cref="IOrderedBody"/>: each part says how many stages it has ended, and the next one waits for that.
/// </summary>
internal unsafe struct OrderedRun<TBody>(byte* body, int* progress, int stages) : IParallelBody
    where TBody : struct, IOrderedBody, allows ref struct
{
    /// <summary>The counts of two parts lie so many numbers apart, on cache lines of their own.</summary>
    public const int Spacing = 32;

    private readonly byte* _body = body;

    // The number of stages that a part has ended; where it has failed, and will end no more of them, the complement of that.
    private readonly int* _progress = progress;
    private readonly int _stages = stages;

    public readonly void Run(int part)
    {
        ref int done = ref _progress[part * Spacing];
        int stage = 0;
        try
        {
            for (; stage < _stages; stage++)
            {
                if (part > 0 && !WaitFor(ref _progress[(part - 1) * Spacing], stage))
                    break;
                Unsafe.As<byte, TBody>(ref *_body).Run(part, stage);
                Volatile.Write(ref done, stage + 1);
            }
        }
        finally
        {
            // Whatever happened, nobody waits for ever.
            if (stage < _stages)
                Volatile.Write(ref done, ~stage);
        }
    }

    // Parts are begun in order, so the one before is under way on another thread, or has ended. False where it will not end the stage.
    private static bool WaitFor(ref int done, int stage)
    {
        var spin = default(SpinWait);
        while (true)
        {
            for (int look = 0; look < 100; look++)
            {
                int count = Volatile.Read(ref done);
                if (count > stage)
                    return true;
                if (count < 0)
                    return ~count > stage;
                Thread.SpinWait(1);
            }
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
