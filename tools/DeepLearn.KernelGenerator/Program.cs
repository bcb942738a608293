using DeepLearn.KernelGenerator;

// dotnet run --project tools/DeepLearn.KernelGenerator: writes every generated file, from anywhere within the repository.
string root = Environment.CurrentDirectory;
while (!File.Exists(Path.Combine(root, "DeepLearn.sln")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException(
        "DeepLearn.sln is in none of the folders above the current one.");
}
foreach ((string path, Func<string> write) in GeneratedFiles.All)
{
    string file = Path.Combine(root, path), text = write();
    bool changed = !File.Exists(file) || File.ReadAllText(file) != text;
    if (changed)
        File.WriteAllText(file, text);
    Console.WriteLine($"{(changed ? "written  " : "unchanged")} {path}");
}
