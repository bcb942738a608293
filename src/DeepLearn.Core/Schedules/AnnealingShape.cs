namespace DeepLearn.Schedules;

/// <summary>The shape of the curve from one learning rate to another.</summary>
public enum AnnealingShape
{
    /// <summary>Half a period of a cosine: flat at both ends, steepest in the middle.</summary>
    Cosine,

    /// <summary>A straight line.</summary>
    Linear,
}
