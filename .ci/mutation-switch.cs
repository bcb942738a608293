#:package Mono.Cecil@0.11.6
#:property ManagePackageVersionsCentrally=false
// A copy of the library that Stryker.NET made, in which the question at each changed place, whether its mutant is active, is quick, and
// which keeps what places were reached: dotnet run .ci/mutation-switch.cs -- MUTATED.dll COPY.dll
// Stryker's own question looks for the answer in a file, and its record of places is a list that is searched under a lock, too slow for the
// loops of kernels. Here the question is
//     if (!Seen[id]) Seen[id] = true;
//     return id == ActiveMutant;
using Mono.Cecil;
using Mono.Cecil.Cil;

const int MostMutants = 1 << 20;
using ModuleDefinition module = ModuleDefinition.ReadModule(args[0]);
TypeDefinition control = module.Types.Single(type => type.Name == "MutantControl");
var seen = new FieldDefinition("Seen", FieldAttributes.Public | FieldAttributes.Static, new ArrayType(module.TypeSystem.Boolean));
control.Fields.Add(seen);
MethodDefinition atStart = control.Methods.Single(method => method.Name == ".cctor");
Instruction first = atStart.Body.Instructions[0];
ILProcessor start = atStart.Body.GetILProcessor();
start.InsertBefore(first, start.Create(OpCodes.Ldc_I4, MostMutants));
start.InsertBefore(first, start.Create(OpCodes.Newarr, module.TypeSystem.Boolean));
start.InsertBefore(first, start.Create(OpCodes.Stsfld, seen));

FieldDefinition active = control.Fields.Single(field => field.Name == "ActiveMutant");
MethodDefinition isActive = control.Methods.Single(method => method.Name == "IsActive");
isActive.Body = new MethodBody(isActive);
ILProcessor code = isActive.Body.GetILProcessor();
Instruction compare = code.Create(OpCodes.Ldarg_0);
code.Emit(OpCodes.Ldsfld, seen);
code.Emit(OpCodes.Ldarg_0);
code.Emit(OpCodes.Ldelem_U1);
code.Emit(OpCodes.Brtrue, compare);
code.Emit(OpCodes.Ldsfld, seen);
code.Emit(OpCodes.Ldarg_0);
code.Emit(OpCodes.Ldc_I4_1);
code.Emit(OpCodes.Stelem_I1);
code.Append(compare);
code.Emit(OpCodes.Ldsfld, active);
code.Emit(OpCodes.Ceq);
code.Emit(OpCodes.Ret);
module.Write(args[1]);
