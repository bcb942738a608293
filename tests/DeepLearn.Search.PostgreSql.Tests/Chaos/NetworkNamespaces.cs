namespace DeepLearn.Search.PostgreSql.Tests.Chaos;

/// <summary>Networks of their own for processes, each with a cable to a bridge, whose address the server has. Linux, and root.</summary>
internal sealed class NetworkNamespaces : IDisposable
{
    private readonly string _name = $"dl{Environment.ProcessId % 100_000}";
    private readonly string _network = $"10.213.{Environment.ProcessId % 250}";
    private readonly int _count;

    /// <summary>Makes the networks. <see cref="Error"/> says whether it succeeded.</summary>
    public NetworkNamespaces(int count)
    {
        _count = count;
        Error = OperatingSystem.IsLinux() ? Make() : "this is not Linux.";
    }

    /// <summary>Why there are none; null if there are.</summary>
    public string? Error { get; }

    /// <summary>The address of the bridge, which all of them reach.</summary>
    public string Address => $"{_network}.1";

    /// <summary>What precedes a command so that it runs in a network.</summary>
    public string[] Within(int index) => ["ip", "netns", "exec", NameOf(index)];

    /// <summary>Pulls a cable out, without a word to either end.</summary>
    public void Cut(int index) => Require(Shell.Run("ip", "link", "set", CableOf(index), "down"));

    /// <summary>Plugs it in again.</summary>
    public void Mend(int index) => Require(Shell.Run("ip", "link", "set", CableOf(index), "up"));

    public void Dispose()
    {
        for (int i = 0; i < _count; i++)
            Shell.Run("ip", "netns", "del", NameOf(i));
        Shell.Run("ip", "link", "del", _name);
    }

    private static void Require(string? error)
    {
        if (error is not null)
            throw new InvalidOperationException(error);
    }

    private string NameOf(int index) => $"{_name}n{index}";

    private string CableOf(int index) => $"{_name}v{index}";

    private string? Make()
    {
        string? error = Shell.Run("ip", "link", "add", _name, "type", "bridge")
            ?? Shell.Run("ip", "addr", "add", $"{Address}/24", "dev", _name)
            ?? Shell.Run("ip", "link", "set", _name, "up");
        for (int i = 0; i < _count; i++)
        {
            error ??= Shell.Run("ip", "netns", "add", NameOf(i))
                ?? Shell.Run("ip", "link", "add", CableOf(i), "type", "veth", "peer", "name", "eth0", "netns", NameOf(i))
                ?? Shell.Run("ip", "link", "set", CableOf(i), "master", _name, "up")
                ?? Shell.Run("ip", "-n", NameOf(i), "addr", "add", $"{_network}.{i + 2}/24", "dev", "eth0")
                ?? Shell.Run("ip", "-n", NameOf(i), "link", "set", "eth0", "up")
                ?? Shell.Run("ip", "-n", NameOf(i), "link", "set", "lo", "up");
        }
        return error;
    }
}
