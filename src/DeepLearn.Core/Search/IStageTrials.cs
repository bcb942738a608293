using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>What a <see cref="StageQueue"/> does with the trials of its stage. To be used from any thread; throws nothing.</summary>
internal interface IStageTrials
{
    /// <summary>How long to wait, at the most, before other processes are listened to again.</summary>
    TimeSpan Pause { get; }

    /// <summary>The result of a trial that is not to be run: an earlier run or another process has made it; null if it is.</summary>
    TrialResult? Resume(int index, TrialHistory history);

    /// <summary>The claim of the latest result that was heard of a trial; asked for before <see cref="Resume"/>.</summary>
    long SeenOf(int index);

    /// <summary>Whether the trial is this process's to run. Always, where no other process has a share in the search.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="seen">What <see cref="SeenOf"/> gave: with a later result, it is not.</param>
    bool TryClaim(int index, long seen);

    /// <summary>Whether another process has the trial, as far as was heard.</summary>
    bool IsElsewhere(int index);

    /// <summary>Hears of what other processes did.</summary>
    void Listen();

    /// <summary>Runs a trial, and calls <see cref="StageQueue.Finish"/>, or leaves it to another process, when it ends.</summary>
    void Run(int index, TrialHistory history);

    /// <summary>
    /// Told of each result in the order of the trials, one call at a time; may call <see cref="StageQueue.EndAfterPrefix"/>.
    /// </summary>
    void InOrder(TrialResult result);

    /// <summary>Whether no further trial is to begin; those that were taken end.</summary>
    bool IsOver();
}
