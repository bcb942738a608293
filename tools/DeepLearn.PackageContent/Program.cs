using DeepLearn.PackageContent;

// Run when a project of src/ is packed, by src/Directory.Build.targets.
switch (args)
{
    case ["documentation", var assembly, var all, var visible]:
        PublicDocumentation.Write(assembly, all, visible);
        return 0;
    case ["readme", var source, var root, var destination, var repository, var commit]:
        File.WriteAllText(destination, PackageReadme.Of(source, root, repository, commit));
        return 0;
    default:
        Console.Error.WriteLine("usage: DeepLearn.PackageContent documentation ASSEMBLY.dll ALL.xml PUBLIC.xml");
        Console.Error.WriteLine("       DeepLearn.PackageContent readme README.md ROOT DESTINATION.md REPOSITORY-ADDRESS COMMIT");
        return 2;
}
