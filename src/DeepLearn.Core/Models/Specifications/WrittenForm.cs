namespace DeepLearn.Models.Specifications;

/// <summary>How values of one type are written as JSON objects and read again.</summary>
/// <typeparam name="TValue">The kind of value: a layer, or an initializer.</typeparam>
/// <param name="Name">The name that the object has as its kind.</param>
/// <param name="Type">The type of the values.</param>
/// <param name="Write">Writes the options of a value.</param>
/// <param name="Read">Makes a value of its options.</param>
internal sealed record WrittenForm<TValue>(
    string Name, Type Type, Action<TValue, SpecificationWriter> Write, Func<SpecificationReader, TValue> Read);
