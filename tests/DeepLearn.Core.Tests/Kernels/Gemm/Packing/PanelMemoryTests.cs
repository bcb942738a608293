using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Gemm.Packing;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Packing;

/// <summary>The memory that a thread keeps for packed panels: as much as is asked for, on pages of its own, and kept.</summary>
[Collection(Alone.Name)]
public unsafe class PanelMemoryTests
{
    [Fact]
    public void PanelMemory_is_aligned_kept_and_grows() => OnAThreadOfItsOwn(() =>
    {
        byte* first = PanelMemory.Rent(1000);
        Assert.Equal(0u, (nuint)first % 4096);
        Assert.True(first == PanelMemory.Rent(1000) && first == PanelMemory.Rent(1));
        byte* more = PanelMemory.Rent(100_000);
        Assert.Equal(0u, (nuint)more % 4096);
        new Span<byte>(more, 100_000).Fill(1);
        Assert.True(more == PanelMemory.Rent(1000));
        Assert.True(more == PanelMemory.Rent(100_000));
    });

    [Fact]
    public void PanelMemory_of_two_threads_is_different()
    {
        byte* ofOne = null, ofOther = null;
        using var both = new Barrier(2);
        var other = new Thread(() =>
        {
            ofOther = PanelMemory.Rent(64);
            both.SignalAndWait();
        });
        other.Start();
        ofOne = PanelMemory.Rent(64);
        both.SignalAndWait();
        other.Join();
        Assert.True((nuint)ofOne / 4096 != (nuint)ofOther / 4096);
    }

    [Fact]
    public void PanelMemory_beyond_two_gibibytes_is_addressable() => OnAThreadOfItsOwn(() =>
    {
        // Memory that is not touched is not used.
        const ulong Bytes = (2UL << 30) + 12345;
        byte* memory;
        try
        {
            memory = PanelMemory.Rent((nuint)Bytes);
        }
        catch (OutOfMemoryException)
        {
            Assert.Skip("The system does not hand out 2 GiB.");
            return;
        }
        memory[0] = 1;
        memory[Bytes - 1] = 2;
        Assert.Equal(0u, (nuint)memory % 4096);
        Assert.Equal((1, 2), (memory[0], memory[Bytes - 1]));
    });

    [Fact]
    public void PanelMemory_after_a_failed_request_is_still_usable() => OnAThreadOfItsOwn(() =>
    {
        PanelMemory.Rent(1000);
        string message = Assert.Throws<OutOfMemoryException>(() => PanelMemory.Rent(nuint.MaxValue / 2)).Message;
        Assert.Contains($"{nuint.MaxValue / 2} bytes", message);

        // What it was before may have been given to others.
        GC.Collect();
        byte* memory = PanelMemory.Rent(1000);
        byte[][] others = [.. Enumerable.Range(0, 1000).Select(_ => GC.AllocateArray<byte>(500, pinned: true))];
        Assert.All(others, other => Assert.False(other.AsSpan().Overlaps(new Span<byte>(memory, 1000))));
        new Span<byte>(memory, 1000).Fill(1);
        new Span<byte>(PanelMemory.Rent(5000), 5000).Fill(2);
    });

    /// <summary>Whose memory is collected when it ends.</summary>
    private static void OnAThreadOfItsOwn(Action work)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(work));
        thread.Start();
        thread.Join();
        GC.Collect();
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }
}
