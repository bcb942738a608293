using System.Xml.Linq;
using Mono.Cecil;

namespace DeepLearn.PackageContent;

/// <summary>
/// The compiler writes the documentation of every member into one file. A user of the package sees, and downloads, only what is public.
/// </summary>
internal static class PublicDocumentation
{
    public static void Write(string assemblyPath, string allPath, string visiblePath)
    {
        HashSet<string> visible;
        using (AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(assemblyPath))
            visible = VisibleMembers.Of(assembly);
        XDocument document = XDocument.Load(allPath, LoadOptions.PreserveWhitespace);
        foreach (XElement member in document.Descendants("member").ToList())
        {
            if (visible.Contains(member.Attribute("name")!.Value))
                continue;
            (member.PreviousNode as XText)?.Remove();
            member.Remove();
        }
        document.Save(visiblePath, SaveOptions.DisableFormatting);
    }
}
