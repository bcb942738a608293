using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DeepLearn.Samples.ServePredictions.Tests;

/// <summary>A server that is told to stop while it trains its models ends like any other: at once, and without an error.</summary>
public sealed class StoppingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("serve-predictions").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Server_stopped_while_it_trains_ends_without_an_error_and_saves_nothing()
    {
        using var begun = new ManualResetEventSlim();
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        string file = Path.Combine(_folder, "model.safetensors");
        builder.Services.AddPredictor("slow", file, (_, token) =>
        {
            begun.Set();
            token.WaitHandle.WaitOne();
            throw new OperationCanceledException(token);
        });
        await using WebApplication server = builder.Build();

        Task running = Server.RunAsync(server);
        Assert.True(begun.Wait(TimeSpan.FromMinutes(1), Token));
        server.Lifetime.StopApplication();

        await running.WaitAsync(TimeSpan.FromMinutes(1), Token);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Training_that_fails_ends_the_server_with_its_own_error()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        string file = Path.Combine(_folder, "model.safetensors");
        builder.Services.AddPredictor("bad", file, (_, _) => throw new OperationCanceledException("mine"));
        await using WebApplication server = builder.Build();

        Assert.Equal("mine", (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Server.RunAsync(server))).Message);
    }

    /// <summary>The program itself, by the signal that a container's host sends.</summary>
    [Fact]
    public async Task Program_that_gets_SIGTERM_while_it_trains_ends_with_0_and_prints_no_exception()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [
            typeof(Server).Assembly.Location, "--urls", "http://127.0.0.1:0", "--images", Path.Combine(_folder, "images.safetensors"),
            "--houses", Path.Combine(_folder, "houses.safetensors"),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = "";
        while (!output.Contains("one is trained", StringComparison.Ordinal))
            output += await process.StandardOutput.ReadLineAsync(Token) ?? throw new InvalidOperationException($"It ended: {output}");
        Assert.Equal(0, Kill(process.Id, 15));
        output += await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);

        Assert.Equal("", await error);
        Assert.DoesNotContain("Exception", output);
        Assert.Equal(0, process.ExitCode);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
