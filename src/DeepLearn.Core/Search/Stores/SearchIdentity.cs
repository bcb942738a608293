using DeepLearn.Foundation;

namespace DeepLearn.Search.Stores;

/// <summary>
/// What tells a search from others, so that a store never mixes the trials of two: everything that its trials depend on. An immutable
/// value.
/// </summary>
/// <param name="Fields">The things in order, each name once.</param>
public sealed record SearchIdentity(ValueList<IdentityField> Fields)
{
    /// <summary>Throws unless a store's search is this one.</summary>
    /// <param name="found">What the store holds.</param>
    /// <param name="where">The store, for the message, as in <c>The journal "trials.jsonl"</c>.</param>
    /// <exception cref="SearchMismatchException">They differ; the exception names the first difference.</exception>
    public void RequireSame(SearchIdentity found, string where)
    {
        ArgumentNullException.ThrowIfNull(found);
        foreach (IdentityField field in Fields)
        {
            string? other = ValueOf(found, field.Name);
            if (other != field.Value)
                throw new SearchMismatchException(where, field.Name, field.Value, other ?? "nothing");
        }
        foreach (IdentityField field in found.Fields)
        {
            if (ValueOf(this, field.Name) is null)
                throw new SearchMismatchException(where, field.Name, "nothing", field.Value);
        }
    }

    private static string? ValueOf(SearchIdentity identity, string name)
    {
        foreach (IdentityField field in identity.Fields)
        {
            if (field.Name == name)
                return field.Value;
        }
        return null;
    }
}
