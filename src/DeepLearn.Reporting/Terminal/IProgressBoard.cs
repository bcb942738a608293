namespace DeepLearn.Reporting.Terminal;

/// <summary>Shows the progress of one or more tasks at once. To be used from any thread.</summary>
public interface IProgressBoard
{
    /// <summary>Adds a line, which is disposed of when its work is done.</summary>
    /// <param name="title">The name of the task.</param>
    /// <param name="unit">What is counted, in the plural: <c>steps</c>, <c>MB</c>.</param>
    /// <param name="total">The total; 0 if it is not known.</param>
    /// <param name="isDetail">
    /// Whether it is part of what another line shows. Such a line is left out where progress is lines of text. Default false.
    /// </param>
    ProgressLine Add(string title, string unit, double total, bool isDetail = false);
}
