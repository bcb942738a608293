namespace DeepLearn.Samples.Reporting.Terminal;

/// <summary>Where the progress of one or more things that go on at once is shown.</summary>
public interface IProgressBoard
{
    /// <summary>Adds a line.</summary>
    /// <param name="title">What goes on.</param>
    /// <param name="unit">What is counted: <c>steps</c>, <c>MB</c>.</param>
    /// <param name="total">How many there will be; 0 where that is not known.</param>
    /// <param name="isDetail">Whether it is part of what another line shows, and left out where there is room for lines of text
    /// alone.</param>
    ProgressLine Add(string title, string unit, double total, bool isDetail = false);
}
