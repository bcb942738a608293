using System.Globalization;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.Tables;

// Two tables from CSV to a saved model: penguins (which species) and cars (how far on a gallon).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

if (args is ["predict", { } model, { } file])
    return SavedModel.Predict(model, file);
if (args is not ([] or [not ("predict" or ['-', ..])]))
{
    bool isAsked = args is ["--help"];
    (isAsked ? Console.Out : Console.Error).WriteLine(
        """
        usage: Tables [FOLDER]              both tables; figures, pages and models go to FOLDER, default ./tables
               Tables predict MODEL CSV     what a saved model says of the rows of a file
        """);
    return isAsked ? 0 : 2;
}
string folder = args is [{ } given] ? given : "tables";
Directory.CreateDirectory(folder);
var terminal = new ReportTerminal();
Penguins.Run(terminal, folder);
Cars.Run(terminal, folder);
return 0;
