using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Npgsql;

namespace DeepLearn.Search.PostgreSql;

/// <summary>What a row of the table says about a trial.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="Number">Its number.</param>
/// <param name="Epoch">The newest claim.</param>
/// <param name="IsHeld">Whether a process has it.</param>
/// <param name="ResultEpoch">The claim that the result belongs to; 0 where there is none.</param>
/// <param name="Json">The result as it stands there, in UTF-8; null where there is none, or it is known.</param>
/// <param name="End">Its place among the ends of all trials.</param>
/// <param name="Starts">How often the trial began without an end so far.</param>
internal sealed record TrialRow(
    int Stage, int Number, long Epoch, bool IsHeld, long ResultEpoch, byte[]? Json, long End, int Starts)
{
    /// <summary>The result, once it is decoded; null where there is none, or it is known.</summary>
    public TrialResult? Result { get; private init; }

    /// <summary>The row under a reader, of the statement that reads changes.</summary>
    public static TrialRow Of(NpgsqlDataReader reader)
    {
        byte[]? json = reader.IsDBNull(6) ? null : reader.GetFieldValue<byte[]>(6);
        return new(
            reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetBoolean(4), reader.GetInt64(5),
            json, json is null ? 0 : reader.GetInt64(7), reader.GetInt32(8));
    }

    /// <summary>The row with its result. To be called from any thread.</summary>
    /// <param name="what">The search and its database, for messages.</param>
    /// <exception cref="TrialStoreException">It is damaged.</exception>
    public TrialRow Decoded(string what)
    {
        if (Json is null)
            return this;
        try
        {
            TrialResult result = TrialResultJson.Read(Json);
            if (result.Trial.Stage == Stage && result.Trial.Number == Number)
                return this with { Json = null, Result = result };
            throw new FormatException($"expected a result of stage {Stage}, trial {Number}; found {result.Trial}.");
        }
        catch (FormatException exception)
        {
            throw new TrialStoreException(
                $"{what} is damaged at stage {Stage}, trial {Number}: {exception.Message} Delete that row to have the trial run again.",
                exception);
        }
    }
}
