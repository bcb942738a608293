namespace DeepLearn.Losses;

/// <summary>Which of the wrong classes a <see cref="MulticlassHinge"/> counts.</summary>
public enum HingeForm
{
    /// <summary>Every class that comes too near: a sum over the wrong classes (Weston and Watkins, 1999).</summary>
    WestonWatkins,

    /// <summary>The class that comes nearest: the largest term alone (Crammer and Singer, 2001).</summary>
    CrammerSinger,
}
