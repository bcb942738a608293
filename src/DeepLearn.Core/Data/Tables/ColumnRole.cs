namespace DeepLearn.Data.Tables;

/// <summary>What a column of a <see cref="Table"/> is for.</summary>
public enum ColumnRole
{
    /// <summary>The model sees it.</summary>
    Feature,

    /// <summary>The class label.</summary>
    Label,

    /// <summary>A real-valued target.</summary>
    Target,
}
