using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DeepLearn.Tests.Data.Download;

/// <summary>A web server on the loopback that gives one answer to whoever asks, as truthful or not as a test wants.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _requests;

    /// <param name="status">The status line after the version.</param>
    /// <param name="announced">The content length that is announced; null announces none.</param>
    /// <param name="body">What is sent before the connection is closed.</param>
    /// <param name="stallAfter">After how many bytes to fall silent; null never.</param>
    public LocalServer(string status, long? announced, byte[] body, int? stallAfter = null)
    {
        _listener.Start();
        _serving = ServeAsync(status, announced, body, stallAfter);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/archive.tar.gz");

    public int Requests => _requests;

    public void Dispose()
    {
        // In this order: a server that is about to wait for the next client must not find its listener stopped.
        _stop.Cancel();
        _serving.Wait(TimeSpan.FromSeconds(5));
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync(string status, long? announced, byte[] body, int? stallAfter)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _requests);
                NetworkStream stream = client.GetStream();
                var request = new StringBuilder();
                var buffer = new byte[1024];
                while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    int count = await stream.ReadAsync(buffer, _stop.Token);
                    if (count == 0)
                        break;
                    request.Append(Encoding.ASCII.GetString(buffer, 0, count));
                }
                string length = announced is null ? "" : $"Content-Length: {announced}\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{length}Connection: close\r\n\r\n"), _stop.Token);
                await stream.WriteAsync(body.AsMemory(0, stallAfter ?? body.Length), _stop.Token);
                if (stallAfter is not null)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The test is over, or the client has hung up.
        }
    }
}
