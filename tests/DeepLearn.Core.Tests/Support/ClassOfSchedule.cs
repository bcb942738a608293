using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using DeepLearn.Schedules;

namespace DeepLearn.Tests.Support;

/// <summary>
/// Schedules as a language without records writes them: a class with an option, and nothing of what the compiler of C# writes for a record.
/// </summary>
internal static class ClassOfSchedule
{
    /// <summary>A class of a name, with an option that is its rate.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="comparesOptions">Whether it has an <c>Equals</c> of its own, here one that takes all for equal.</param>
    /// <param name="printsOptions">Whether it has a <c>PrintMembers</c> of its own, here one that prints nothing.</param>
    public static Type Define(string name, bool comparesOptions = false, bool printsOptions = false)
    {
        ModuleBuilder module = AssemblyBuilder.DefineDynamicAssembly(new(name), AssemblyBuilderAccess.Run).DefineDynamicModule(name);
        TypeBuilder type = module.DefineType(name, TypeAttributes.Public, typeof(LearningRateSchedule));
        FieldBuilder rate = type.DefineField("rate", typeof(double), FieldAttributes.Private);
        ConstructorBuilder constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(double)]);
        ILGenerator code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(LearningRateSchedule).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, rate);
        code.Emit(OpCodes.Ret);

        // A negative step is refused as the base of the library does it.
        code = Override("RateAt", typeof(long));
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldstr, "step");
        code.Emit(OpCodes.Call, typeof(ArgumentOutOfRangeException).GetMethod(nameof(ArgumentOutOfRangeException.ThrowIfNegative))!
            .MakeGenericMethod(typeof(long)));
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, rate);
        code.Emit(OpCodes.Ret);
        if (comparesOptions)
            EmitTrue(Override("Equals", typeof(LearningRateSchedule)));
        if (printsOptions)
            EmitFalse(Override("PrintMembers", typeof(StringBuilder)));

        code = Override("<Clone>$");
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, rate);
        code.Emit(OpCodes.Newobj, constructor);
        code.Emit(OpCodes.Ret);
        return type.CreateType();

        ILGenerator Override(string method, params Type[] parameters)
        {
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
            MethodInfo inherited = typeof(LearningRateSchedule).GetMethod(method, Any, parameters)!;
            MethodAttributes access = inherited.IsPublic ? MethodAttributes.Public : MethodAttributes.Family;
            return type.DefineMethod(
                method, access | MethodAttributes.Virtual | MethodAttributes.HideBySig, inherited.ReturnType, parameters).GetILGenerator();
        }

        static void EmitTrue(ILGenerator code)
        {
            code.Emit(OpCodes.Ldc_I4_1);
            code.Emit(OpCodes.Ret);
        }

        static void EmitFalse(ILGenerator code)
        {
            code.Emit(OpCodes.Ldc_I4_0);
            code.Emit(OpCodes.Ret);
        }
    }

    /// <summary>A schedule of such a class.</summary>
    public static LearningRateSchedule Make(Type type, double rate) => (LearningRateSchedule)Activator.CreateInstance(type, rate)!;
}
