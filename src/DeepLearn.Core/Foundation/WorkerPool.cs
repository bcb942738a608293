using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace DeepLearn.Foundation;

/// <summary>A fixed number of threads that share the work of one caller at a time.</summary>
/// <remarks>
/// <para>
/// Results never depend on the number of threads: parts are chosen by the caller, and each writes results of its own. A call from inside a
/// part, or while another thread is using the pool, runs on the calling thread alone, so pools may be shared and nested without waiting for
/// each other.
/// </para>
/// <para>
/// The threads start with the first work there is for them. Between calls they spin for about a millisecond, so that the next call reaches
/// them in well under a microsecond, and then park, and cost nothing. A call never waits for a thread that has not begun: the calling
/// thread takes parts too, until there are none left. Calls allocate nothing after the first.
/// </para>
/// </remarks>
/// <example><code>
/// using var workers = new WorkerPool(Environment.ProcessorCount);
/// Matrix&lt;float&gt; scores = model.Predict(new Matrix&lt;float&gt;(100, model.InputShape.Count), workers);
/// </code></example>
public sealed class WorkerPool : IDisposable
{
    private readonly WorkerTeam? _team;

    /// <summary>Makes a pool of the given size.</summary>
    /// <param name="threads">How many threads work at once, the calling one included; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public WorkerPool(int threads)
        : this(threads, ProcessorShare.All)
    {
    }

    /// <summary>Makes a pool of the given size, for a job that has others beside it.</summary>
    /// <param name="threads">How many threads work at once, the calling one included; at least 1.</param>
    /// <param name="share">
    /// How many processors the pool reckons with: where they are more than <paramref name="threads"/>, whoever works with the pool may
    /// start a further thread.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public WorkerPool(int threads, ProcessorShare share)
        : this(threads, thread => thread.UnsafeStart())
    {
        ArgumentNullException.ThrowIfNull(share);
        Share = share;
    }

    /// <summary>Makes a pool whose threads somebody else starts: a test, where the system has no more of them.</summary>
    internal WorkerPool(int threads, Action<Thread> startThread)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        if (threads > 1)
            _team = new WorkerTeam(threads - 1, startThread);
        else
            GC.SuppressFinalize(this);
    }

    /// <summary>Stops the threads of a pool that nobody disposed of: they hold on to the team, not to the pool.</summary>
    ~WorkerPool() => _team?.Stop();

    /// <summary>The pool without threads: everything runs on the calling thread.</summary>
    public static WorkerPool Single { get; } = new(1);

    /// <summary>How many threads work at once, the calling one included.</summary>
    public int Threads { get; }

    /// <summary>How many processors the pool reckons with. Default: all that the process may use.</summary>
    public ProcessorShare Share { get; } = ProcessorShare.All;

    /// <summary>Whether there is a processor beside those that the pool's threads keep busy.</summary>
    internal bool LeavesProcessor => Threads < Share.Processors;

    /// <summary>Runs parts 0 to <paramref name="parts"/> - 1 and returns when all are done.</summary>
    /// <remarks>Where parts throw, the others run all the same, and then the exception of the lowest part is thrown.</remarks>
    /// <typeparam name="TBody">The work, a struct, which may be a <c>ref struct</c>.</typeparam>
    /// <param name="body">The work; a local variable of the caller's. All parts see this one variable.</param>
    /// <param name="parts">The number of parts; 0 does nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parts"/> is negative.</exception>
    public unsafe void Run<TBody>(ref TBody body, int parts)
        where TBody : struct, IParallelBody, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parts);
        if (parts > 1 && _team is { } team && team.TryClaim())
        {
            // Pinned, so that a body on the heap stays where the threads look for it.
            fixed (byte* address = &Unsafe.As<TBody, byte>(ref body))
                team.Run(address, &RunPart<TBody>, parts);
            return;
        }
        RunHere(ref body, parts);
    }

    /// <summary>
    /// Runs parts 0 to <paramref name="parts"/> - 1, each in stages: a stage of a part begins when the part before it has ended the same
    /// stage. Returns when all are done.
    /// </summary>
    /// <remarks>
    /// Where a stage throws, the later stages of its part are not run, nor are that stage and the later ones of the parts behind it, which
    /// stages does not depend on the threads; then the exception of the lowest part is thrown. Where the calling thread runs alone, it runs
    /// one part after another. A body may be a <c>ref struct</c>.
    /// </remarks>
    /// <typeparam name="TBody">The work, a struct.</typeparam>
    /// <param name="body">The work; a local variable of the caller's. All parts see this one variable.</param>
    /// <param name="parts">The number of parts; 0 does nothing. More than there are threads begin when others have ended.</param>
    /// <param name="stages">The number of stages of each part; 0 does nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public unsafe void RunInOrder<TBody>(ref TBody body, int parts, int stages)
        where TBody : struct, IOrderedBody, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parts);
        ArgumentOutOfRangeException.ThrowIfNegative(stages);
        if (parts > 1 && _team is { } team && team.TryClaim())
        {
            fixed (byte* address = &Unsafe.As<TBody, byte>(ref body))
            {
                var run = new OrderedRun<TBody>(address, team.ClearProgress(parts * OrderedRun<TBody>.Spacing), stages);
                team.Run((byte*)&run, &RunPart<OrderedRun<TBody>>, parts);
            }
            return;
        }
        RunHereInOrder(ref body, parts, stages);
    }

    /// <summary>Stops the threads. A pool that is disposed of runs its work on the calling thread.</summary>
    public void Dispose()
    {
        _team?.Stop();
        GC.SuppressFinalize(this);
    }

    private static unsafe void RunPart<TBody>(byte* body, int part)
        where TBody : struct, IParallelBody, allows ref struct => Unsafe.As<byte, TBody>(ref *body).Run(part);

    private static void RunHere<TBody>(ref TBody body, int parts)
        where TBody : struct, IParallelBody, allows ref struct
    {
        Exception? first = null;
        for (int part = 0; part < parts; part++)
        {
            try
            {
                body.Run(part);
            }
            catch (Exception exception)
            {
                first ??= exception;
            }
        }
        if (first is not null)
            Throw(first);
    }

    private static void RunHereInOrder<TBody>(ref TBody body, int parts, int stages)
        where TBody : struct, IOrderedBody, allows ref struct
    {
        Exception? first = null;
        for (int part = 0; part < parts; part++)
        {
            for (int stage = 0; stage < stages; stage++)
            {
                try
                {
                    body.Run(part, stage);
                }
                catch (Exception exception)
                {
                    first ??= exception;
                    stages = stage;
                }
            }
        }
        if (first is not null)
            Throw(first);
    }

    [DoesNotReturn]
    private static void Throw(Exception exception) => ExceptionDispatchInfo.Throw(exception);
}
