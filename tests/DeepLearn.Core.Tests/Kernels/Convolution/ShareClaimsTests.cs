using DeepLearn.Kernels.Convolution;
using Xunit;

namespace DeepLearn.Tests.Kernels.Convolution;

public class ShareClaimsTests
{
    [Fact]
    public void ShareClaims_gives_a_part_its_own_share_first_and_then_what_others_have_left()
    {
        var claims = new ShareClaims(3);
        claims.Begin(7, 3);
        Assert.Equal([0, 1, 2, 3, -1], (int[])[claims.Next(0), claims.Next(0), claims.Next(1), claims.Next(1), -1]);
        Assert.Equal((4, 5, 6, -1, -1), (claims.Next(2), claims.Next(0), claims.Next(1), claims.Next(1), claims.Next(2)));
        claims.Begin(2, 1);
        Assert.Equal((0, 1, -1), (claims.Next(0), claims.Next(0), claims.Next(0)));
    }

    [Fact]
    public void ShareClaims_gives_every_item_once_to_threads_that_ask_at_once()
    {
        const int Items = 1001, Parts = 4;
        var claims = new ShareClaims(Parts);
        int[] given = new int[Items];
        for (int round = 0; round < 20; round++)
        {
            claims.Begin(Items, Parts);
            Parallel.For(0, Parts, part =>
            {
                for (int item = claims.Next(part); item >= 0; item = claims.Next(part))
                    Interlocked.Increment(ref given[item]);
            });
        }
        Assert.All(given, times => Assert.Equal(20, times));
    }
}
