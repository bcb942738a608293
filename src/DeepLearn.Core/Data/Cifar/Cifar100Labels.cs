namespace DeepLearn.Data.Cifar;

/// <summary>The two kinds of labels that every image of CIFAR-100 has.</summary>
public enum Cifar100Labels
{
    /// <summary>The 100 classes.</summary>
    Fine,

    /// <summary>The 20 groups of five classes each.</summary>
    Coarse,
}
