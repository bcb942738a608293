namespace DeepLearn.Data.Cifar;

/// <summary>Where CIFAR-10 was found.</summary>
public enum Cifar10Origin
{
    /// <summary>At the path that was asked for.</summary>
    Explicit,

    /// <summary>At the path in the environment variable.</summary>
    Environment,

    /// <summary>In the user's cache folder.</summary>
    Cache,

    /// <summary>It has just been downloaded into the cache folder.</summary>
    Download,
}
