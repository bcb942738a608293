namespace DeepLearn.Training.RangeTest;

/// <summary>How a range test goes from its smallest rate to its largest.</summary>
public enum RangeSweep
{
    /// <summary>By the same factor at each step: for a range of several powers of ten.</summary>
    Exponential,

    /// <summary>By the same amount at each step, as Smith has it.</summary>
    Linear,
}
