using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void WorkerPool_runs_every_part_exactly_once_in_every_call(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 2000; round++)
        {
            int parts = round % 23;
            var body = new Counting { Counts = new int[parts] };
            pool.Run(ref body, parts);
            Assert.All(body.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void WorkerPool_runs_work_again_after_its_threads_have_parked()
    {
        using var pool = new WorkerPool(3);
        for (int round = 0; round < 20; round++)
        {
            var body = new Counting { Counts = new int[3] };
            pool.Run(ref body, 3);
            Assert.All(body.Counts, count => Assert.Equal(1, count));
            Thread.Sleep(round % 5);
        }
    }

    [Fact]
    public void WorkerPool_runs_two_parts_at_once_on_two_threads()
    {
        using var pool = new WorkerPool(2);
        using var both = new Barrier(2);
        var body = new Meeting { Barrier = both, Met = new bool[2] };
        pool.Run(ref body, 2);
        Assert.All(body.Met, Assert.True);
    }

    [Fact]
    public void WorkerPool_call_from_inside_a_part_runs_on_the_thread_of_that_part()
    {
        using var pool = new WorkerPool(3);
        var body = new Nested { Pool = pool, Inner = new int[12], SameThread = new bool[12] };
        for (int round = 0; round < 200; round++)
            pool.Run(ref body, 12);
        Assert.All(body.Inner, count => Assert.Equal(200 * 5, count));
        Assert.All(body.SameThread, Assert.True);
    }

    [Fact]
    public void WorkerPool_used_inside_a_part_of_another_pool_runs_all_its_parts()
    {
        using var outer = new WorkerPool(2);
        WorkerPool[] inner = [new(2), new(2)];
        var body = new Within { Pools = inner, Totals = new int[2] };
        for (int round = 0; round < 300; round++)
            outer.Run(ref body, 2);
        Assert.All(body.Totals, total => Assert.Equal(300 * 6, total));
        Array.ForEach(inner, pool => pool.Dispose());
    }

    [Fact]
    public void WorkerPool_called_from_six_threads_at_once_runs_every_part_of_every_call()
    {
        using var pool = new WorkerPool(3);
        var callers = new Thread[6];
        var totals = new int[callers.Length];
        for (int i = 0; i < callers.Length; i++)
        {
            int caller = i;
            callers[i] = new Thread(() =>
            {
                for (int round = 0; round < 1000; round++)
                {
                    var body = new Counting { Counts = new int[7] };
                    pool.Run(ref body, 7);
                    totals[caller] += body.Counts.Sum();
                }
            });
            callers[i].Start();
        }
        foreach (Thread caller in callers)
            caller.Join();
        Assert.All(totals, total => Assert.Equal(7000, total));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WorkerPool_part_throws_lowest_exception_reaches_caller_after_all_parts_ran(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 100; round++)
        {
            var body = new Failing { Ran = new bool[20] };
            var failure = Assert.Throws<InvalidOperationException>(() => pool.Run(ref body, 20));
            Assert.Equal("part 5", failure.Message);
            Assert.All(body.Ran, Assert.True);
        }
        var after = new Counting { Counts = new int[4] };
        pool.Run(ref after, 4);
        Assert.All(after.Counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void WorkerPool_thread_that_failed_to_start_is_started_at_the_next_call()
    {
        int asked = 0, started = 0;
        using var pool = new WorkerPool(3, thread =>
        {
            if (++asked is 2 or 3)
                throw new OutOfMemoryException();
            started++;
            thread.UnsafeStart();
        });
        var body = new Counting { Counts = new int[3] };
        Assert.Throws<OutOfMemoryException>(() => pool.Run(ref body, 3));
        Assert.Throws<OutOfMemoryException>(() => pool.Run(ref body, 3));
        Assert.All(body.Counts, count => Assert.Equal(0, count));

        // All three at once, and no thread more.
        using var together = new Barrier(3);
        var meeting = new Meeting { Barrier = together, Met = new bool[3] };
        pool.Run(ref meeting, 3);
        Assert.All(meeting.Met, Assert.True);
        Assert.Equal(2, started);
    }

    [Fact]
    public void WorkerPool_part_throws_last_lowest_exception_still_reaches_caller()
    {
        using var pool = new WorkerPool(2);
        for (int round = 0; round < 20; round++)
        {
            // The part that fails waits until all parts after it have run, on the other thread.
            var body = new FailingLate { Ran = new int[20] };
            Assert.Equal("part 5", Assert.Throws<InvalidOperationException>(() => pool.Run(ref body, 20)).Message);
            Assert.All(body.Ran, ran => Assert.Equal(1, ran));
        }
    }

    [Fact]
    public void WorkerPool_disposed_runs_its_work_on_the_calling_thread()
    {
        var pool = new WorkerPool(2);
        var before = new Counting { Counts = new int[4] };
        pool.Run(ref before, 4);
        pool.Dispose();
        pool.Dispose();
        var body = new Threads { Ids = new int[4] };
        pool.Run(ref body, 4);
        Assert.All(body.Ids, id => Assert.Equal(Environment.CurrentManagedThreadId, id));
    }

    [Fact]
    public void WorkerPool_disposed_while_work_runs_finishes_every_part()
    {
        for (int round = 0; round < 200; round++)
        {
            var pool = new WorkerPool(3);
            var body = new Disposing { Pool = pool, Counts = new int[9] };
            pool.Run(ref body, 9);
            Assert.All(body.Counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void WorkerPool_call_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        var body = new Counting { Counts = new int[2] };
        Assert.Equal(0, Allocation.Of(() => pool.Run(ref body, 2), times: 100));
    }

    [Fact]
    public void WorkerPool_with_no_thread_or_negative_parts_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));
        var body = default(Counting);
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Single.Run(ref body, -1));
    }

    private struct Within : IParallelBody
    {
        public WorkerPool[] Pools;
        public int[] Totals;

        public readonly void Run(int part)
        {
            var counting = new Counting { Counts = new int[6] };
            Pools[part].Run(ref counting, 6);
            Totals[part] += counting.Counts.Sum();
        }
    }

    private struct Counting : IParallelBody
    {
        public int[] Counts;

        public readonly void Run(int part) => Interlocked.Increment(ref Counts[part]);
    }

    private struct Meeting : IParallelBody
    {
        public Barrier Barrier;
        public bool[] Met;

        public readonly void Run(int part) => Met[part] = Barrier.SignalAndWait(TimeSpan.FromSeconds(30));
    }

    private struct Nested : IParallelBody
    {
        public WorkerPool Pool;
        public int[] Inner;
        public bool[] SameThread;

        public readonly void Run(int part)
        {
            var counting = new Counting { Counts = new int[5] };
            Pool.Run(ref counting, 5);
            Inner[part] += counting.Counts.Sum();
            var threads = new Threads { Ids = new int[5] };
            Pool.Run(ref threads, 5);
            SameThread[part] = threads.Ids.All(id => id == Environment.CurrentManagedThreadId);
        }
    }

    private struct Threads : IParallelBody
    {
        public int[] Ids;

        public readonly void Run(int part) => Ids[part] = Environment.CurrentManagedThreadId;
    }

    private struct Failing : IParallelBody
    {
        public bool[] Ran;

        public readonly void Run(int part)
        {
            Ran[part] = true;
            if (part % 7 == 5)
                throw new InvalidOperationException($"part {part}");
        }
    }

    private struct FailingLate : IParallelBody
    {
        public int[] Ran;

        public readonly void Run(int part)
        {
            int[] ran = Ran;
            if (part == 5)
                SpinWait.SpinUntil(() => Volatile.Read(ref ran[^1]) != 0, TimeSpan.FromSeconds(30));
            Interlocked.Increment(ref ran[part]);
            if (part % 7 == 5)
                throw new InvalidOperationException($"part {part}");
        }
    }

    private struct Disposing : IParallelBody
    {
        public WorkerPool Pool;
        public int[] Counts;

        public readonly void Run(int part)
        {
            if (part == 4)
                Pool.Dispose();
            Interlocked.Increment(ref Counts[part]);
        }
    }
}
