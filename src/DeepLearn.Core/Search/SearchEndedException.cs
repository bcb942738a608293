namespace DeepLearn.Search;

/// <summary>Leaves the stages of a search that has met one of its ends, on the way to whoever runs it; it never gets further.</summary>
internal sealed class SearchEndedException : Exception;
