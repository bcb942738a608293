namespace DeepLearn.Data.Download;

/// <summary>A published file: where it is, and how to know that it is the right one.</summary>
/// <param name="Address">Where it is, http or https.</param>
/// <param name="FileName">What it is called in the cache.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, 64 hexadecimal digits.</param>
public sealed record RemoteArchive(Uri Address, string FileName, long Length, string Sha256)
{
    /// <summary>CIFAR-10 in its binary layout, as its author publishes it.</summary>
    public static RemoteArchive Cifar10 { get; } = new(
        new Uri("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
        "cifar-10-binary.tar.gz",
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd");
}
