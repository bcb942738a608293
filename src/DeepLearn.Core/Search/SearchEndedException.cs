namespace DeepLearn.Search;

/// <summary>Unwinds the stages of a search that has met one of its ends. The code that runs the search catches it.</summary>
internal sealed class SearchEndedException : Exception;
