using System.Text.RegularExpressions;

namespace DeepLearn.Data.Idx;

/// <summary>Finds the files of a collection under the names in common use.</summary>
internal static partial class IdxNames
{
    /// <summary>The files of images and labels, for training and for tests.</summary>
    /// <exception cref="FileNotFoundException">A file is missing, or several have its name.</exception>
    public static (string TrainImages, string TrainLabels, string TestImages, string TestLabels) Find(string folder, string? prefix)
    {
        string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
        return (Find(true, true), Find(true, false), Find(false, true), Find(false, false));

        string Find(bool isTraining, bool isImages)
        {
            string[] found = [.. files.Where(file => IsIt(Path.GetFileName(file), prefix, isTraining, isImages))];

            // A file and its own archive count as one.
            if (found is [var plain, var zipped] && zipped == plain + ".gz")
                return plain;
            string name = $"{(isTraining ? "train" : "t10k")}-{(isImages ? "images-idx3" : "labels-idx1")}-ubyte";
            return found.Length switch
            {
                1 => found[0],
                0 => throw new FileNotFoundException(
                    $"The folder {folder} has neither {name} nor {name}.gz, nor a name like "
                    + $"it{(prefix is null ? "" : $" after {prefix}")}.",
                    Path.Combine(folder, name)),
                _ => throw new FileNotFoundException(
                    $"The folder {folder} has several files like {name}: {string.Join(", ", found.Select(Path.GetFileName))}. Say which by "
                    + $"{nameof(IdxFolderOptions)}.{nameof(IdxFolderOptions.Prefix)}.",
                    Path.Combine(folder, name)),
            };
        }
    }

    private static bool IsIt(string name, string? prefix, bool isTraining, bool isImages)
    {
        Match match = Name().Match(name);
        return match.Success
            && (prefix is null || match.Groups["prefix"].Value.TrimEnd('-', '_', '.') == prefix)
            && (match.Groups["part"].Value == "train") == isTraining
            && (match.Groups["kind"].Value[0] is 'i' or 'I') == isImages;
    }

    // train-images-idx3-ubyte, train-images.idx3-ubyte, emnist-letters-train-images-idx3-ubyte.gz, qmnist-test-labels-idx2-int.gz
    [GeneratedRegex(
        @"^(?<prefix>.*[-_.])?(?<part>train|t10k|test)[-_.](?<kind>images|labels)[-_.]idx\d[-_.](ubyte|int)(\.gz)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
