using System.Globalization;
using System.Text;

namespace DeepLearn.Tools.Architecture;

/// <summary>
/// Draws the folders of the library: a row for each level, a box for each folder with its sub-folders, and an arrow for each use that does
/// not follow from others. The lowest level is the bottom row.
/// </summary>
public static class Picture
{
    private const int Width = 1040, RowHeight = 74, Gap = 46, Margin = 24, LineHeight = 15;

    // A position at which the arrow from Models to Data passes between two boxes.
    private const int ModelsX = 221;

    /// <summary>The picture as SVG.</summary>
    /// <param name="references">The uses within the library.</param>
    public static string Draw(CompiledReferences references)
    {
        ArgumentNullException.ThrowIfNull(references);
        string[] all = [.. new FolderGraph(references, folder => folder).Folders];
        var graph = new FolderGraph(references, Folders.Top);
        Dictionary<string, Box> boxes = PlaceBoxes(all);
        int height = (House.Levels.Count * (RowHeight + Gap)) - Gap + (2 * Margin);
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" "
            + "font-family=\"Segoe UI, Helvetica, Arial, sans-serif\">");
        Add(svg, "<title>The folders of DeepLearn.Core: each uses only those below it</title>");
        Add(svg, "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
            + "<path d=\"M0 0L8 4L0 8z\" fill=\"#5b6b7f\"/></marker></defs>");
        Add(svg, $"<rect width=\"{Width}\" height=\"{height}\" rx=\"8\" fill=\"#ffffff\"/>");
        foreach ((string from, string to) in graph.Essential())
            AddArrow(svg, boxes[from], boxes[to]);
        foreach (Box box in boxes.Values)
            AddBox(svg, box);
        Add(svg, "</svg>");
        return svg.ToString();
    }

    private static Dictionary<string, Box> PlaceBoxes(string[] folders)
    {
        var boxes = new Dictionary<string, Box>();
        for (int level = 0; level < House.Levels.Count; level++)
        {
            IReadOnlyList<string> names = House.Levels[level];
            int y = Margin + ((House.Levels.Count - 1 - level) * (RowHeight + Gap));
            Box[] row = [.. names.Select(name => new Box(name, SubFolders(folders, name), 0, y))];
            if (row is [{ Name: "Models" }])
                row[0] = row[0] with { X = ModelsX };
            int free = Width - (2 * Margin) - row.Sum(box => box.Width), left = Margin + (free / (row.Length + 1));
            foreach (Box box in row)
            {
                boxes.Add(box.Name, box.X > 0 ? box : box with { X = left });
                left += box.Width + (free / (row.Length + 1));
            }
        }
        return boxes;
    }

    /// <summary>The sub-folders of a folder, in lines that fit in a box.</summary>
    private static string[] SubFolders(string[] folders, string name)
    {
        var lines = new List<string>();
        IEnumerable<string> below = folders.Where(folder => folder.StartsWith(name + ".", StringComparison.Ordinal));
        foreach (string part in below.Select(folder => folder.Split('.')[1]).Distinct())
        {
            if (lines.Count > 0 && lines[^1].Length + part.Length < 52)
                lines[^1] += $", {part}";
            else
                lines.Add(part);
        }
        return [.. lines];
    }

    private static void AddBox(StringBuilder svg, Box box)
    {
        int middle = box.X + (box.Width / 2), first = box.Y + (RowHeight / 2) + 5 - (box.SubFolders.Length * LineHeight / 2);
        Add(
            svg,
            $"<rect x=\"{box.X}\" y=\"{box.Y}\" width=\"{box.Width}\" height=\"{RowHeight}\" rx=\"6\" fill=\"#eef4fb\" "
            + "stroke=\"#3c6aa0\"/>");
        Add(
            svg,
            $"<text x=\"{middle}\" y=\"{first}\" text-anchor=\"middle\" font-size=\"16\" font-weight=\"600\" "
            + $"fill=\"#12263f\">{box.Name}</text>");
        for (int i = 0; i < box.SubFolders.Length; i++)
        {
            int y = first + 3 + ((i + 1) * LineHeight);
            Add(svg, $"<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\" font-size=\"12\" fill=\"#41546b\">{box.SubFolders[i]}</text>");
        }
    }

    private static void AddArrow(StringBuilder svg, Box from, Box to)
    {
        int startX = from.Attach(to), startY = from.Y + RowHeight, endX = to.Attach(from), endY = to.Y - 1, bend = (endY - startY) / 2;
        Add(svg, $"<path d=\"M{startX} {startY}C{startX} {startY + bend} {endX} {endY - bend} {endX} {endY}\" fill=\"none\" "
            + "stroke=\"#5b6b7f\" stroke-width=\"1.4\" marker-end=\"url(#tip)\"/>");
    }

    private static void Add(StringBuilder svg, FormattableString line) =>
        svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Add(StringBuilder svg, string line) => svg.Append(line).Append('\n');

    private sealed record Box(string Name, string[] SubFolders, int X, int Y)
    {
        public int Width => Math.Max(Name.Length * 10, SubFolders.Select(line => line.Length * 6).DefaultIfEmpty(0).Max()) + 40;

        /// <summary>Where an arrow to or from another box touches this one: shifted toward the other box.</summary>
        public int Attach(Box other)
        {
            int middle = X + (Width / 2), away = other.X + (other.Width / 2) - middle, reach = (Width / 2) - 16;
            return middle + Math.Clamp(away / 4, -reach, reach);
        }
    }
}
