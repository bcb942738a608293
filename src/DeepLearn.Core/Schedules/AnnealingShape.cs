namespace DeepLearn.Schedules;

/// <summary>The way from one rate to another.</summary>
public enum AnnealingShape
{
    /// <summary>Half a cosine wave: slow at both ends.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
