using System.Xml.Linq;
using Mono.Cecil;

namespace DeepLearn.PackageContent;

/// <summary>
/// Reduces the XML documentation, which the compiler writes for every member, to the public members, so that users of the package download
/// no more.
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
