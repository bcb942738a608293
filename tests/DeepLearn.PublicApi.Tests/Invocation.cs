using System.Numerics.Tensors;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.ExceptionServices;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Losses;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.PublicApi.Tests;

/// <summary>
/// Calls a member with arguments that are given as objects. Reflection cannot pass a span or a view, so each call is a small method made
/// for the member, in which an array becomes a span, and a matrix a view.
/// </summary>
internal static class Invocation
{
    private static readonly Dictionary<MethodBase, Func<object?, object?[], object?>> Made = [];

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Calls the member and throws what it throws.</summary>
    public static void Call(PublicMember member, object? target, object?[] arguments)
    {
        if (!Made.TryGetValue(member.Method, out Func<object?, object?[], object?>? call))
            Made[member.Method] = call = Make(member);
        ExceptionDispatchInfo? failure = null;
        // A call that waits for ever is a fault as well; it has a thread of its own, which is left behind.
        var thread = new Thread(() =>
        {
            try
            {
                object? result = call(target, arguments);
                if (result is Task task)
                    task.Wait(TimeSpan.FromSeconds(5));
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }, 16 << 20)
        { IsBackground = true };
        thread.Start();
        if (!thread.Join(Longest))
            throw new TimeoutException("the call has not ended in ten seconds");
        failure?.Throw();
    }

    private static Func<object?, object?[], object?> Make(PublicMember member)
    {
        MethodBase method = member.Method;
        var dynamic = new DynamicMethod("Call", typeof(object), [typeof(object), typeof(object?[])], typeof(Invocation).Module, true);
        ILGenerator code = dynamic.GetILGenerator();
        bool instance = method is MethodInfo && !method.IsStatic;
        if (instance)
        {
            code.Emit(OpCodes.Ldarg_0);
            Convert(code, member.Owner);
            if (member.Owner.IsValueType)
            {
                LocalBuilder local = code.DeclareLocal(member.Owner);
                code.Emit(OpCodes.Stloc, local);
                code.Emit(OpCodes.Ldloca, local);
            }
        }
        ParameterInfo[] parameters = method.GetParameters();
        for (int index = 0; index < parameters.Length; index++)
        {
            Type type = parameters[index].ParameterType;
            bool byReference = type.IsByRef;
            type = byReference ? type.GetElementType()! : type;
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Ldc_I4, index);
            code.Emit(OpCodes.Ldelem_Ref);
            Convert(code, type);
            if (byReference)
            {
                LocalBuilder local = code.DeclareLocal(type);
                code.Emit(OpCodes.Stloc, local);
                code.Emit(OpCodes.Ldloca, local);
            }
        }
        Type result;
        if (method is ConstructorInfo constructor)
        {
            code.Emit(OpCodes.Newobj, constructor);
            result = member.Owner;
        }
        else
        {
            code.Emit(instance && !member.Owner.IsValueType ? OpCodes.Callvirt : OpCodes.Call, (MethodInfo)method);
            result = ((MethodInfo)method).ReturnType;
        }
        if (result.IsByRef || result.IsByRefLike || result.IsPointer)
        {
            code.Emit(OpCodes.Pop);
            code.Emit(OpCodes.Ldnull);
        }
        else if (result == typeof(void))
        {
            code.Emit(OpCodes.Ldnull);
        }
        else if (result.IsValueType)
        {
            code.Emit(OpCodes.Box, result);
        }
        code.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Func<object?, object?[], object?>>();
    }

    private static void Convert(ILGenerator code, Type type)
    {
        if (type.IsByRefLike)
            code.Emit(OpCodes.Call, ViewOf(type));
        else if (type.IsValueType)
            code.Emit(OpCodes.Unbox_Any, type);
        else
            code.Emit(OpCodes.Castclass, type);
    }

    private static MethodInfo ViewOf(Type type)
    {
        string name = type.GetGenericTypeDefinition().Name.Split('`')[0];
        MethodInfo method = typeof(Views).GetMethod(name, BindingFlags.Static | BindingFlags.Public)
            ?? throw new NotSupportedException($"no way is known to make a {type}");
        return method.MakeGenericMethod(type.GetGenericArguments());
    }

    // What stands for a value that cannot be an object: an array for a span, a matrix for its view.
    private static class Views
    {
        public static Span<T> Span<T>(object? source) => (T[]?)source;

        public static ReadOnlySpan<T> ReadOnlySpan<T>(object? source) => (T[]?)source;

        public static MatrixView<T> MatrixView<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => source is Matrix<T> matrix ? matrix.View : default;

        public static ReadOnlyMatrixView<T> ReadOnlyMatrixView<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => source is Matrix<T> matrix ? matrix.View : default;

        public static LayerInput<T> LayerInput<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => source is Matrix<T> matrix ? new(matrix.View) : default;

        public static ByteRows<T> ByteRows<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
            source is Matrix<T> matrix ? new(new byte[matrix.Rows * matrix.Columns], Starts(matrix.Rows, matrix.Columns),
                Ones<T>(matrix.Columns), Ones<T>(matrix.Columns)) : default;

        public static Targets<T> Targets<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
            source is Matrix<T> matrix ? Losses.Targets<T>.FromLabels(new int[matrix.Rows]) : default;

        public static GradientTargets<T> GradientTargets<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => default;

        public static ProductOptions<T> ProductOptions<T>(object? source)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => default;

        public static ReadOnlyTensorSpan<T> ReadOnlyTensorSpan<T>(object? source) => source is T[] array ? new(array) : default;

        public static TensorSpan<T> TensorSpan<T>(object? source) => source is T[] array ? new(array) : default;

        private static int[] Starts(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(row => row * columns)];

        private static T[] Ones<T>(int count)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => [.. Enumerable.Repeat(T.One, count)];
    }
}
