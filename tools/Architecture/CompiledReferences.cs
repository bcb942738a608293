using Mono.Cecil;
using Mono.Cecil.Cil;

namespace DeepLearn.Tools.Architecture;

/// <summary>
/// Every use within a compiled assembly of its own types and members: base types, interfaces, constraints, attributes, signatures, generic
/// arguments and the bodies of methods. Constants, which the compiler replaces by their values, leave no trace and are not found.
/// </summary>
public sealed class CompiledReferences
{
    private readonly ModuleDefinition _module;
    private readonly HashSet<Reference> _references = [];
    private IMemberDefinition _user = null!;
    private TypeDefinition _userType = null!;

    private CompiledReferences(ModuleDefinition module) => _module = module;

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">The file of the assembly.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="BadImageFormatException">The file is not an assembly.</exception>
    public static CompiledReferences Read(string path)
    {
        var references = new CompiledReferences(ModuleDefinition.ReadModule(path, new ReaderParameters { InMemory = true }));
        foreach (TypeDefinition type in references._module.Types)
            references.AddType(type, type);
        references.Types = [.. references._module.Types.Where(type => Folders.Of(type).Length > 0)];
        references.All = [.. references._references.OrderBy(reference => reference.ToString(), StringComparer.Ordinal)];
        return references;
    }

    /// <summary>The types of the assembly that belong to a folder, without nested types.</summary>
    public IReadOnlyList<TypeDefinition> Types { get; private set; } = [];

    /// <summary>All uses of one type's members by another type.</summary>
    public IReadOnlyList<Reference> All { get; private set; } = [];

    private void AddType(TypeDefinition type, TypeDefinition outermost)
    {
        (_user, _userType) = (type, outermost);
        Use(type.BaseType);
        foreach (InterfaceImplementation implementation in type.Interfaces)
        {
            Use(implementation.InterfaceType);
            UseAttributes(implementation);
        }
        UseParameters(type);
        UseAttributes(type);
        foreach (FieldDefinition field in type.Fields)
        {
            _user = field;
            Use(field.FieldType);
            UseAttributes(field);
        }
        foreach (PropertyDefinition property in type.Properties)
        {
            _user = property;
            UseAttributes(property);
        }
        foreach (EventDefinition @event in type.Events)
        {
            _user = @event;
            UseAttributes(@event);
        }
        foreach (MethodDefinition method in type.Methods)
            AddMethod(method);
        foreach (TypeDefinition nested in type.NestedTypes)
            AddType(nested, outermost);
    }

    private void AddMethod(MethodDefinition method)
    {
        _user = method;
        Use(method.ReturnType);
        UseAttributes(method.MethodReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Use(parameter.ParameterType);
            UseAttributes(parameter);
        }
        UseParameters(method);
        UseAttributes(method);
        foreach (MethodReference overridden in method.Overrides)
            Use(overridden);
        if (!method.HasBody)
            return;
        foreach (VariableDefinition variable in method.Body.Variables)
            Use(variable.VariableType);
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
            Use(handler.CatchType);
        foreach (Instruction instruction in method.Body.Instructions)
            UseOperand(instruction.Operand);
    }

    private void UseOperand(object? operand)
    {
        switch (operand)
        {
            case TypeReference type: Use(type); break;
            case MethodReference method: Use(method); break;
            case FieldReference field: Use(field); break;
            case CallSite site:
                Use(site.ReturnType);
                foreach (ParameterDefinition parameter in site.Parameters)
                    Use(parameter.ParameterType);
                break;
        }
    }

    private void UseParameters(IGenericParameterProvider provider)
    {
        foreach (GenericParameter parameter in provider.GenericParameters)
        {
            foreach (GenericParameterConstraint constraint in parameter.Constraints)
                Use(constraint.ConstraintType);
            UseAttributes(parameter);
        }
    }

    private void UseAttributes(ICustomAttributeProvider provider)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            Use(attribute.Constructor);
            foreach (CustomAttributeArgument argument in attribute.ConstructorArguments)
                UseArgument(argument);
            foreach (Mono.Cecil.CustomAttributeNamedArgument named in attribute.Properties.Concat(attribute.Fields))
                UseArgument(named.Argument);
        }
    }

    private void UseArgument(CustomAttributeArgument argument)
    {
        Use(argument.Type);
        switch (argument.Value)
        {
            case TypeReference type: Use(type); break;
            case CustomAttributeArgument inner: UseArgument(inner); break;
            case CustomAttributeArgument[] many: Array.ForEach(many, UseArgument); break;
        }
    }

    private void Use(MethodReference method)
    {
        Use(method.DeclaringType);
        if (method is GenericInstanceMethod instance)
        {
            foreach (TypeReference argument in instance.GenericArguments)
                Use(argument);
        }
        Use(method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
            Use(parameter.ParameterType);
        if (IsOwn(method.DeclaringType))
            Add(method.Resolve());
    }

    private void Use(FieldReference field)
    {
        Use(field.DeclaringType);
        Use(field.FieldType);
        if (IsOwn(field.DeclaringType))
            Add(field.Resolve());
    }

    private void Use(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType instance:
                foreach (TypeReference argument in instance.GenericArguments)
                    Use(argument);
                Use(instance.ElementType);
                return;
            case FunctionPointerType pointer:
                Use(pointer.ReturnType);
                foreach (ParameterDefinition parameter in pointer.Parameters)
                    Use(parameter.ParameterType);
                return;
            case IModifierType modifier:
                Use(modifier.ModifierType);
                Use(modifier.ElementType);
                return;
            case TypeSpecification specification:
                Use(specification.ElementType);
                return;
        }
        if (IsOwn(type))
            Add(type.Resolve());
    }

    private bool IsOwn(TypeReference type)
    {
        TypeReference element = type.GetElementType();
        return element is not GenericParameter
            && (element.Scope == _module || element.Module == _module && element.Scope is ModuleDefinition);
    }

    private void Add(IMemberDefinition? used)
    {
        if (used is MemberReference { Module: var module } && module != _module)
            return; // inherited from outside, as ToString
        if (used is null)
            throw new InvalidDataException($"{Names.Of(_user)} uses something that does not resolve.");
        TypeDefinition outermost = used as TypeDefinition ?? used.DeclaringType;
        while (outermost.DeclaringType is not null)
            outermost = outermost.DeclaringType;
        if (outermost != _userType)
            _references.Add(new(_user, _userType, used, outermost));
    }
}
