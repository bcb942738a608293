using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public class OrderedRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void WorkerPool_RunInOrder_stage_begins_when_the_part_before_has_ended_it(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 600; round++)
        {
            int parts = round % 11, stages = round % 7;
            var body = new Chain { Parts = parts, Stages = stages, Ended = new int[parts * stages], Sums = new long[stages] };
            pool.RunInOrder(ref body, parts, stages);
            Assert.Equal(0, body.Early);
            Assert.All(body.Ended, ended => Assert.Equal(1, ended));
            long expected = 0;
            for (int part = 0; part < parts; part++)
                expected = (expected * 31) + part;
            Assert.All(body.Sums, sum => Assert.Equal(expected, sum));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void WorkerPool_RunInOrder_stage_throws_nobody_waits_and_the_same_stages_have_run(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 200; round++)
        {
            var body = new Chain { Parts = 4, Stages = 5, Ended = new int[20], Sums = new long[5], FailsAt = [(1, 3), (3, 1)] };
            var exception = Assert.Throws<InvalidDataException>(() => Run(pool, ref body));
            Assert.Equal("part 1, stage 3", exception.Message);
            Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0], body.Ended);
        }

        // And the pool is as good as before.
        var next = new Chain { Parts = 4, Stages = 5, Ended = new int[20], Sums = new long[5] };
        pool.RunInOrder(ref next, 4, 5);
        Assert.All(next.Ended, ended => Assert.Equal(1, ended));

        static void Run(WorkerPool pool, ref Chain body) => pool.RunInOrder(ref body, 4, 5);
    }

    [Fact]
    public void WorkerPool_RunInOrder_of_a_pool_in_use_runs_on_the_calling_thread()
    {
        using var pool = new WorkerPool(3);
        var outer = new Nested { Pool = pool, Elsewhere = new int[6] };
        for (int round = 0; round < 100; round++)
            pool.Run(ref outer, 6);
        Assert.All(outer.Elsewhere, count => Assert.Equal(0, count));
    }

    [Fact]
    public void WorkerPool_RunInOrder_of_a_disposed_pool_runs_on_the_calling_thread()
    {
        var pool = new WorkerPool(3);
        pool.Dispose();
        var body = new Where { Thread = Environment.CurrentManagedThreadId };
        pool.RunInOrder(ref body, 3, 3);
        Assert.Equal((9, 0), (body.Runs, body.Elsewhere));
    }

    [Fact]
    public void WorkerPool_RunInOrder_call_allocates_nothing()
    {
        using var pool = new WorkerPool(2);
        var body = new Chain { Parts = 3, Stages = 4, Ended = new int[12], Sums = new long[4] };
        Assert.Equal(0, Allocation.Of(() => pool.RunInOrder(ref body, 3, 4)));
    }

    [Fact]
    public void WorkerPool_RunInOrder_negative_numbers_are_refused()
    {
        var body = default(Where);
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Single.RunInOrder(ref body, -1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => WorkerPool.Single.RunInOrder(ref body, 2, -1));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(10, 1)]
    [InlineData(3072, 4)]
    [InlineData(5, 8)]
    [InlineData(int.MaxValue, 7)]
    public void EvenDivision_parts_follow_each_other_and_differ_by_one_at_most(int total, int parts)
    {
        var division = new EvenDivision(total, parts);
        int next = 0;
        for (int part = 0; part < parts; part++)
        {
            Assert.Equal(next, division.First(part));
            Assert.InRange(division.Count(part), total / parts, (total / parts) + 1);
            next += division.Count(part);
        }
        Assert.Equal(total, next);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvenDivision(-1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EvenDivision(1, 0));
    }

    /// <summary>Each part goes on with the sum that the part before it has left, stage by stage.</summary>
    private struct Chain : IOrderedBody
    {
        public required int Parts, Stages;
        public required int[] Ended;
        public required long[] Sums;
        public (int Part, int Stage)[]? FailsAt;
        public int Early;

        public void Run(int part, int stage)
        {
            if (part > 0 && Volatile.Read(ref Ended[((part - 1) * Stages) + stage]) != 1)
                Interlocked.Increment(ref Early);
            if (FailsAt is not null && FailsAt.Contains((part, stage)))
                throw new InvalidDataException($"part {part}, stage {stage}");
            Sums[stage] = (Sums[stage] * 31) + part;
            Ended[(part * Stages) + stage]++;
        }
    }

    private struct Where : IOrderedBody
    {
        public int Thread, Runs, Elsewhere;

        public void Run(int part, int stage)
        {
            Runs++;
            Elsewhere += Environment.CurrentManagedThreadId == Thread ? 0 : 1;
        }
    }

    private struct Nested : IParallelBody
    {
        public required WorkerPool Pool;
        public required int[] Elsewhere;

        public readonly void Run(int part)
        {
            var body = new Where { Thread = Environment.CurrentManagedThreadId };
            Pool.RunInOrder(ref body, 3, 2);
            Elsewhere[part] += body.Elsewhere + (body.Runs == 6 ? 0 : 1);
        }
    }
}
