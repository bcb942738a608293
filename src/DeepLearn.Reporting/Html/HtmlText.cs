using System.Net;

namespace DeepLearn.Reporting.Html;

/// <summary>Text that goes into HTML.</summary>
internal static class HtmlText
{
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public static string Resource(string name)
    {
        using Stream stream = typeof(HtmlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program has no resource {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
