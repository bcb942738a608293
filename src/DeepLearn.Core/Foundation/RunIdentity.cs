namespace DeepLearn.Foundation;

/// <summary>
/// Everything that the result of a training run or a search depends on. A checkpoint or a store keeps it, so that no run resumes from the
/// results of another. An immutable value.
/// </summary>
public sealed record RunIdentity
{
    /// <summary>Makes an identity.</summary>
    /// <param name="fields">The things in order, each name once.</param>
    /// <exception cref="ArgumentException">A name is empty or comes twice.</exception>
    public RunIdentity(params IdentityField[] fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var seen = new HashSet<string>();
        foreach (IdentityField field in fields)
        {
            ArgumentException.ThrowIfNullOrEmpty(field.Name, nameof(fields));
            ArgumentNullException.ThrowIfNull(field.Value, nameof(fields));
            if (!seen.Add(field.Name))
            {
                throw new ArgumentException(
                    $"Each field of an identity has a name of its own; found \"{field.Name}\" twice.", nameof(fields));
            }
        }
        Fields = ValueList.Create(fields);
    }

    /// <summary>The things in order.</summary>
    public ValueList<IdentityField> Fields { get; }

    /// <summary>Throws unless what a file or a store holds is of this run.</summary>
    /// <param name="found">What the file or the store holds.</param>
    /// <param name="where">The file or the store, for the message, as in <c>The journal "trials.jsonl"</c>.</param>
    /// <exception cref="IdentityMismatchException">They differ; the exception names the first difference.</exception>
    public void RequireSame(RunIdentity found, string where)
    {
        ArgumentNullException.ThrowIfNull(found);
        foreach (IdentityField field in Fields)
        {
            string? other = found.ValueOf(field.Name);
            if (other != field.Value)
                throw new IdentityMismatchException(where, field.Name, field.Value, other ?? "nothing");
        }
        foreach (IdentityField field in found.Fields)
        {
            if (ValueOf(field.Name) is null)
                throw new IdentityMismatchException(where, field.Name, "nothing", field.Value);
        }
    }

    /// <summary>The value of a field; null if there is none of that name.</summary>
    /// <param name="name">The field's name.</param>
    public string? ValueOf(string name)
    {
        foreach (IdentityField field in Fields)
        {
            if (field.Name == name)
                return field.Value;
        }
        return null;
    }

    /// <summary>The fields, a line each, as in <c>seed: 7</c>.</summary>
    public override string ToString() => string.Join('\n', Fields.Select(field => $"{field.Name}: {field.Value}"));
}
