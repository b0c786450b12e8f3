"""The normal form of a definition: its syntax tree without what decides nothing, and with references in place of names.

Gone are comments, layout, docstrings, annotations of functions, names of local variables, texts of errors and of what
only observes, and imports. A name of another definition is a reference, whose digest takes its place later; a name of
another package is its full name, however it was imported. What can carry data stays by its name: attributes, fields,
methods, parameters, keywords, members of enumerations.
"""

import ast
import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from sg_assets.code.annotations import parsed, unquoted
from sg_assets.code.exclusions import Exclusions, Why
from sg_assets.code.modules import (
    IMPORT_EFFECTS,
    Definition,
    External,
    Modules,
    Target,
    WholeModule,
    attribute,
    import_names,
    imported_target,
    is_bare_text,
    resolve,
)
from sg_assets.code.scopes import (
    Numbers,
    Scope,
    class_scope,
    comprehension_scope,
    function_scope,
    parameters,
)
from sg_assets.code.user_texts import (
    OBSERVER_NAMES,
    REPORTS,
    STREAMS,
    acting,
    is_harmless,
    is_text,
)

_LEFT_OUT: Final = frozenset({"ctx", "type_comment", "kind", "lineno", "col_offset", "end_lineno", "end_col_offset"})
_SILENT_DECORATORS: Final = frozenset(
    {
        *(f"builtins.{name}" for name in ("classmethod", "property", "staticmethod")),
        *(f"functools.{name}" for name in ("cache", "cached_property", "lru_cache", "wraps")),
        *(f"contextlib.{name}" for name in ("contextmanager", "asynccontextmanager")),
        *(f"typing.{name}" for name in ("overload", "override", "final")),
        *(f"pydantic.{name}" for name in ("field_validator", "model_validator")),
        "abc.abstractmethod",
    }
)
"""Decorators that do not read annotations."""
_NAMES_READ: Final = frozenset({"__name__", "__qualname__", "__module__", "__doc__", "__subclasses__"})
_DOCS_READ: Final = frozenset({"__doc__", "getdoc", "getsource", "json_schema", "model_json_schema"})
"""What gives docstrings, and names with them."""
_TEXT: Final = "$text"
_DATACLASS: Final = "dataclasses.dataclass"


@dataclass(frozen=True)
class Use:
    """A use of a definition that is left out."""

    definition: Definition
    as_value: bool
    """Whether what it returns is used, or it is handed on."""


@dataclass(frozen=True)
class Form:
    """A definition in its normal form."""

    text: str
    """With ``\\x01<n>\\x01`` where reference n stands."""
    references: tuple[Definition, ...]
    """Definitions referred to, in the order they are met; a definition refers to itself like to any other."""
    besides: frozenset[Definition]
    """Definitions it can reach without naming them: classes of its parameters, effects of imports."""
    externals: frozenset[str]
    """Full names of what it uses outside the package."""
    uses: tuple[Use, ...]
    """Definitions it uses that are left out."""
    reads_names: bool
    """Whether it reads the name of something: then names are content."""
    reads_docs: bool
    """Whether it reads the docstring of something: then docstrings are content."""
    unresolved: tuple[str, ...]
    """Names that nothing binds."""

    def positions(self, definitions: Container[Definition]) -> Iterator[tuple[Definition, str]]:
        """Those of some definitions that it refers to, each with where in the text."""
        where: dict[Definition, list[str]] = {}
        for index, number in enumerate(self.text.split("\x01")[1::2]):
            where.setdefault(self.references[int(number)], []).append(str(index))
        yield from ((item, " ".join(positions)) for item, positions in where.items() if item in definitions)
        yield from ((item, "beside") for item in self.besides if item in definitions)


def docs_of(modules: Modules, definition: Definition) -> list[str]:
    """The docstrings of a definition, those of its module and of its methods and fields too."""
    module = ast.get_docstring(modules[definition.module].tree) or ""
    nodes = (node for statement in modules.statements(definition) for node in ast.walk(statement))
    return [module, *(ast.unparse(node) for node in nodes if is_bare_text(node))]


def has_identity(modules: Modules, definition: Definition) -> bool:
    """Whether Python tells a definition from another of the same form: classes and objects, no functions or numbers."""
    return not all(
        isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(item, ast.Assign | ast.AnnAssign) and isinstance(item.value, ast.Constant))
        for item in modules.statements(definition)
    )


def form_of(modules: Modules, definition: Definition, exclusions: Exclusions) -> Form:
    """The normal form of a definition.

    Raises:
        KeyError: there is no such definition.
    """
    writer = _Writer(modules, definition, exclusions)
    writer.add_import_effects(definition.module)
    text = ";".join(writer.top(statement) for statement in modules.statements(definition))
    return Form(
        text,
        tuple(writer.references),
        frozenset(writer.besides - {definition}),
        frozenset(writer.externals),
        tuple(writer.uses),
        writer.reads_names,
        writer.reads_docs,
        tuple(dict.fromkeys(writer.unresolved)),
    )


class _Writer:
    """Writes one definition."""

    def __init__(self, modules: Modules, definition: Definition, exclusions: Exclusions) -> None:
        self.modules, self.module, self.definition = modules, definition.module, definition
        self.exclusions = exclusions
        self.references: dict[Definition, int] = {}
        self.besides: set[Definition] = set()
        self.externals: set[str] = set()
        self.uses: list[Use] = []
        self.unresolved: list[str] = []
        self.reads_names = self.reads_docs = False
        self._anchor = modules[self.module].anchor
        self._line = 0
        """Of the statement at the module's top that is being written."""
        self._may_fail = False
        """Whether what is written stands where an import that fails is caught."""
        self._numbers = Numbers()
        self._scope: Scope | None = None
        self._observing: set[str] = set()
        """Attributes of ``self`` that take a line to report, in the class being written."""

    # Statements

    def top(self, node: ast.stmt) -> str:
        """A statement at the top of the module."""
        self._line = node.lineno
        return self.statement(node)

    def statement(self, node: ast.stmt) -> str:
        """A statement, by its kind."""
        by_kind: dict[type, Callable[..., str]] = {
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.AnnAssign: self._annotated,
            ast.Expr: self._expression,
            ast.Raise: self._raise,
        }
        return by_kind.get(type(node), self._node)(node)

    def _body(self, statements: Sequence[ast.stmt]) -> str:
        kept = [self.statement(item) for item in statements if not self._says_nothing(item)]
        return f"[{', '.join(filter(None, kept)) or 'Pass()'}]"

    def _says_nothing(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.AnnAssign) and node.value is None:
            return not (self._scope is not None and self._scope.is_class)
        return is_bare_text(node) or isinstance(node, ast.Nonlocal | ast.Pass)

    def _try(self, node: ast.Try | ast.TryStar) -> str:
        before, self._may_fail = self._may_fail, bool(node.handlers)
        text = self._node(node)
        self._may_fail = before
        return text

    def _import(self, node: ast.Import | ast.ImportFrom) -> str:
        """What an import runs is noted; what it binds counts where it is used, or here, where it may be another."""
        written = []
        for name, source in import_names(node, self._anchor):
            target = imported_target(self.modules, *source)
            if isinstance(target, External):
                self.externals.add(target.name)
            elif target is not None and not self.exclusions.leaves_out(target):
                self.add_import_effects(target.module)
            if self._is_bound_here(name):
                written.append(f"{self._bound_name(name)}={self._imported(target, '.'.join(filter(None, source)))}")
            elif self._may_fail and isinstance(target, External):
                written.append(f"@{target.name}")
        return f"Import({', '.join(written)})" if written else ""

    def _imported(self, target: Target | None, name: str) -> str:
        if target is None:
            self.unresolved.append(name)
            return f"unknown:{name}"
        return self._reference(target)

    def _is_bound_here(self, name: str) -> bool:
        """Whether an import binds a variable, an attribute of a class or a definition of its own."""
        if self._scope is None:
            return name in self.modules[self.module].statements
        return name not in self._scope.imports

    def add_import_effects(self, module: str) -> None:
        """Count what importing a module does beside binding names."""
        if IMPORT_EFFECTS in self.modules[module].statements:
            self.besides.add(Definition(module, IMPORT_EFFECTS))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        decorators = [self.expression(item) for item in node.decorator_list]
        silent = all(
            self._full_name(_called(item)) in _SILENT_DECORATORS or _is_accessor(item) for item in node.decorator_list
        )
        name = self._bound_name(node.name)
        arguments = self._arguments(node.args, annotations=not silent)
        returns = "" if silent or node.returns is None else self._annotation(node.returns)
        with self._inside(function_scope(node, self._scope, self._numbers, self._anchor)):
            self._note_parameters(node.args)
            body = self._body(node.body)
        kind = type(node).__name__
        return f"{kind}({name}, {arguments}, {body}, [{', '.join(decorators)}]{', ' + returns if returns else ''})"

    def _arguments(self, node: ast.arguments, *, annotations: bool) -> str:
        def written(argument: ast.arg) -> str:
            if annotations and argument.annotation is not None:
                return f"{argument.arg}: {self._annotation(argument.annotation)}"
            return argument.arg

        groups = (node.posonlyargs, node.args, [node.vararg] if node.vararg else [], node.kwonlyargs,
                  [node.kwarg] if node.kwarg else [])  # fmt: skip
        defaults = [self.expression(item) for item in node.defaults]
        by_keyword = ["-" if item is None else self.expression(item) for item in node.kw_defaults]
        parts = ["/".join(map(written, group)) for group in groups]
        return f"({'|'.join(parts)}; {', '.join(defaults)}; {', '.join(by_keyword)})"

    def _note_parameters(self, node: ast.arguments) -> None:
        """What the parameters of the scope just entered are: things to report to, or objects with methods."""
        scope = self._required_scope()
        for argument in parameters(node):
            if argument.annotation is None:
                continue
            if argument.arg not in scope.rebound and self.is_observer(argument.arg, argument.annotation):
                scope.observers.add(argument.arg)
            self.besides |= {item for item in self._classes_in(argument.annotation) if not self._is_protocol(item)}

    def _class(self, node: ast.ClassDef) -> str:
        name = self._bound_name(node.name)
        decorators = [self.expression(item) for item in node.decorator_list]
        bases = [self.expression(item) for item in node.bases]
        keywords = [f"{item.arg}={self.expression(item.value)}" for item in node.keywords]
        before = self._observing
        self._observing = self._observing_attributes(node)
        fields = self._fields_kept(node)
        with self._inside(class_scope(node, self._scope, self._numbers, self._anchor)):
            kept = [item for item in node.body if not isinstance(item, ast.AnnAssign) or fields != "none"]
            outer, self._plain_annotations = self._plain_annotations, fields == "plain"
            body = self._body(kept)
            self._plain_annotations = outer
        self._observing = before
        return f"ClassDef({name}, [{', '.join((*bases, *keywords))}], {body}, [{', '.join(decorators)}])"

    _plain_annotations = False
    """Whether annotations in the class body being written are read by nobody."""

    def _fields_kept(self, node: ast.ClassDef) -> str:
        """How annotated fields count: not at all, without following classes, or whole."""
        entry = self.exclusions.get(self.definition) if self._scope is None else None
        if entry is not None and entry.why is Why.PARAMETERS:
            return "none"
        names = {self._full_name(_called(item)) for item in node.decorator_list}
        bases = {self._full_name(item) for item in node.bases}
        plain = _DATACLASS in names or bases & {"typing.NamedTuple", "typing.Protocol", "typing.TypedDict"}
        return "plain" if plain else "whole"

    def _annotated(self, node: ast.AnnAssign) -> str:
        in_class = self._scope is not None and self._scope.is_class
        value = "" if node.value is None else self.expression(node.value)
        target = self.expression(node.target)
        if not in_class:
            return f"Assign([{target}], {value})"
        if self._plain_annotations:
            self.besides |= {item for item in self._classes_in(node.annotation) if not self._is_protocol(item)}
            return f"Field({target}, {self._unfollowed(node.annotation)}, {value})"
        return f"Field({target}, {self._annotation(node.annotation)}, {value})"

    def _expression(self, node: ast.Expr) -> str:
        if isinstance(node.value, ast.Call):
            return f"Expr({self._call(node.value, as_statement=True)})"
        return f"Expr({self.expression(node.value)})"

    def _raise(self, node: ast.Raise) -> str:
        cause = "" if node.cause is None else self.expression(node.cause)
        raised = "" if node.exc is None else self._error(node.exc)
        return f"Raise({raised}, {cause})"

    def _error(self, node: ast.expr) -> str:
        """What is raised: of an error's call the texts are gone, not the values.

        The texts of the package's own exceptions may be data, and so may those of exceptions that are no errors.
        """
        if isinstance(node, ast.Call) and not self._is_package_error(node.func):
            return self._call(node, texts=not self._is_worded(node.func))
        return self.expression(node)

    # Expressions

    def expression(self, node: ast.expr) -> str:
        """An expression, by its kind."""
        by_kind: dict[type, Callable[..., str]] = {
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Constant: self._constant,
            ast.JoinedStr: self._joined,
            ast.Lambda: self._lambda,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
        }
        return by_kind.get(type(node), self._node)(node)

    def _node(self, node: ast.AST) -> str:
        """Anything else: its kind and its fields."""
        fields = []
        for name, value in ast.iter_fields(node):
            if name not in _LEFT_OUT and value not in (None, []):
                fields.append(f"{name}={self._value(node, name, value)}")
        return f"{type(node).__name__}({', '.join(fields)})"

    def _value(self, node: ast.AST, name: str, value: object) -> str:
        if isinstance(node, ast.Assert) and isinstance(value, ast.expr) and name == "msg":
            return self._text(value)
        if value is None:  # of a list, such as the keys of a dictionary with another one unpacked into it
            return "-"
        if isinstance(value, list):
            return self._list(node, name, value)
        if isinstance(value, ast.AST):
            return self._child(value)
        binds = name == "rest" or (name == "name" and not isinstance(node, ast.keyword))
        return self._bound_name(value) if binds and isinstance(value, str) else repr(value)

    def _list(self, node: ast.AST, name: str, values: list[object]) -> str:
        statements = [value for value in values if isinstance(value, ast.stmt)]
        return (
            self._body(statements)
            if statements
            else f"[{', '.join(self._value(node, name, value) for value in values)}]"
        )

    def _child(self, node: ast.AST) -> str:
        if isinstance(node, ast.stmt):
            return self.statement(node)
        if isinstance(node, ast.expr):
            return self.expression(node)
        return self._with_item(node) if isinstance(node, ast.withitem) else self._node(node)

    def _with_item(self, node: ast.withitem) -> str:
        context = node.context_expr
        entered = (
            self._call(context, as_statement=node.optional_vars is None)
            if isinstance(context, ast.Call)
            else self.expression(context)
        )
        return f"withitem({entered}, {'' if node.optional_vars is None else self.expression(node.optional_vars)})"

    def _name(self, node: ast.Name) -> str:
        written = self._written(node.id)
        scope = self._scope
        if scope is None or not scope.is_class or node.id not in scope.kept or not isinstance(node.ctx, ast.Load):
            return written
        # A class body that reads a name before it binds it reads the module's.
        target = resolve(self.modules, self.module, node.id)
        return written if target is None else f"{written}|{self._reference(target)}"

    def _written(self, name: str, *, as_value: bool = True) -> str:
        owner = None if self._scope is None else self._scope.owner(name)
        if owner is None:
            self._note_reading(name)
            target = resolve(self.modules, self.module, name)
            if target is None:
                self.unresolved.append(name)
                return f"unknown:{name}"
            return self._reference(target, as_value=as_value)
        if name in owner.imports:
            target = imported_target(self.modules, *owner.imports[name])
            return f"unknown:{name}" if target is None else self._reference(target, as_value=as_value)
        return owner.written(name)

    def _bound_name(self, name: str) -> str:
        """A name where it is bound."""
        if self._scope is None:
            own = Definition(self.module, name)
            is_known = name in self.modules[self.module].statements and "." not in self.definition.name
            return self._reference(own) if is_known else name
        owner = self._scope.owner(name)
        return name if owner is None or name in owner.imports else owner.written(name)

    def _target(self, node: ast.expr) -> Target | None:
        """What a name, or a chain of attributes of a module, means outside the definition; None of anything else."""
        if isinstance(node, ast.Name):
            owner = None if self._scope is None else self._scope.owner(node.id)
            if owner is None:
                return resolve(self.modules, self.module, node.id)
            imported = owner.imports.get(node.id)
            return None if imported is None else imported_target(self.modules, *imported)
        if isinstance(node, ast.Attribute):
            inner = self._target(node.value)
            return None if inner is None else attribute(self.modules, inner, node.attr)
        return None

    def _attribute(self, node: ast.Attribute, *, as_value: bool = True) -> str:
        target = self._target(node)
        if target is not None:
            return self._reference(target, as_value=as_value)
        self._note_reading(node.attr)
        self._bring(node)
        return f"{self.expression(node.value)}.{node.attr}"

    def _note_reading(self, name: str) -> None:
        self.reads_docs |= name in _DOCS_READ
        self.reads_names |= name in _NAMES_READ or name in _DOCS_READ

    def _bring(self, node: ast.Attribute) -> None:
        """A method used of an object whose class is left out brings what that method is known to decide.

        Where nothing says of what class an object is, it may be of any.
        """
        owner = None
        if isinstance(node.value, ast.Name) and self._scope is not None:
            owner = self._scope.owner(node.value.id)
        annotation = owner.annotations.get(node.value.id) if owner and isinstance(node.value, ast.Name) else None
        if annotation is None:
            self.besides |= self.exclusions.brought(node.attr)
            return
        for definition in self._named_classes(annotation):
            entry = self.exclusions.get(definition)
            if entry is not None:
                self.besides.update(entry.brings.get(node.attr, ()))

    def _reference(self, target: Target, *, as_value: bool = True) -> str:
        if isinstance(target, External):
            self.externals.add(target.name)
            self._note_reading(target.name.rsplit(".", maxsplit=1)[-1])
            return f"@{target.name}"
        if isinstance(target, WholeModule):
            inside = [Definition(target.module, name) for name in sorted(self.modules[target.module].statements)]
            return f"module({', '.join(self._reference(definition) for definition in inside)})"
        if target == self.definition:
            return "$self"
        entry = self.exclusions.get(target)
        if entry is not None:
            self.uses.append(Use(target, as_value))
        if self.exclusions.leaves_out(target):
            return f"$excluded:{self.exclusions.key(target)}"
        self.add_import_effects(target.module)
        return f"\x01{self.references.setdefault(target, len(self.references))}\x01{self._as_far_as_made(target)}"

    def _as_far_as_made(self, target: Definition) -> str:
        """Of a constant that several statements make: how many have run where another of its module reads it."""
        statements = self.modules.statements(target)
        if self._scope is not None or target.module != self.module or len(statements) < 2:
            return ""
        return f"@{sum(statement.lineno < self._line for statement in statements)}"

    def _call(self, node: ast.Call, *, as_statement: bool = False, texts: bool = True) -> str:
        if self._is_package_error(node.func):
            parts = [self.expression(node.func), *self._acts(node)]
            return f"Call({', '.join(parts)})"
        observes = self._is_left_out(node, Why.OBSERVES, Why.ERRORS) or (as_statement and self._reports(node))
        called = self._called(node.func, as_value=not as_statement)
        keep = texts and not observes
        arguments = [self._argument(item, keep) for item in node.args]
        keywords = [f"{item.arg}={self._argument(item.value, keep)}" for item in node.keywords]
        return f"Call({', '.join((called, *arguments, *keywords))})"

    def _is_left_out(self, node: ast.Call, *reasons: Why) -> bool:
        entry = self.exclusions.get(self._target(node.func))
        return entry is not None and entry.why in reasons

    def _called(self, node: ast.expr, *, as_value: bool) -> str:
        if isinstance(node, ast.Name):
            return self._written(node.id, as_value=as_value)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, as_value=as_value)
        return self.expression(node)

    def _argument(self, node: ast.expr, texts: bool) -> str:
        return self.expression(node) if texts or not is_text(node) else self._text(node)

    def _text(self, node: ast.expr) -> str:
        """A text for people: only what it does counts, such as taking the next row."""
        return ", ".join((_TEXT, *self._acts(node)))

    def _acts(self, node: ast.AST) -> Iterator[str]:
        for act in acting(node):
            if isinstance(act, ast.Call) and self._does_nothing(act):
                for child in ast.iter_child_nodes(act):
                    yield from self._acts(child)
            elif isinstance(act, ast.expr):
                yield self.expression(act)

    def _does_nothing(self, node: ast.Call) -> bool:
        """Whether a call does nothing, apart from what its arguments do."""
        return self._is_left_out(node, Why.OBSERVES, Why.ERRORS, Why.PINNED) or is_harmless(
            node, self._full_name(node.func)
        )

    def _reports(self, node: ast.Call) -> bool:
        """Whether a call reports a line: to Python's own, a parameter or an attribute of ``self`` that takes them."""
        function = node.func
        if isinstance(function, ast.Name) and self._scope is not None:
            owner = self._scope.owner(function.id)
            if owner is not None and function.id in owner.observers:
                return True
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "self":
            return function.attr in self._observing
        streams = [self._full_name(item.value) for item in node.keywords if item.arg == "file"]
        return self._full_name(function) in REPORTS and all(stream in STREAMS for stream in streams)

    def _joined(self, node: ast.JoinedStr) -> str:
        # Python 3.12 ends some format specifications with an empty text.
        parts = [item for item in node.values if getattr(item, "value", None) != ""]
        return f"JoinedStr({', '.join(self.expression(part) for part in parts)})"

    def _lambda(self, node: ast.Lambda) -> str:
        arguments = self._arguments(node.args, annotations=False)
        with self._inside(function_scope(node, self._scope, self._numbers, self._anchor)):
            return f"Lambda({arguments}, {self.expression(node.body)})"

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> str:
        first = self.expression(node.generators[0].iter)  # evaluated outside
        with self._inside(comprehension_scope(node.generators, self._scope, self._numbers)):
            loops = [self._loop(item, first if index == 0 else None) for index, item in enumerate(node.generators)]
            results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
            inner = ", ".join(self.expression(item) for item in results)
        return f"{type(node).__name__}({'; '.join(loops)}; {inner})"

    def _loop(self, node: ast.comprehension, source: str | None) -> str:
        over = self.expression(node.iter) if source is None else source
        conditions = ", ".join(self.expression(item) for item in node.ifs)
        return f"for{'a' if node.is_async else ''} {self.expression(node.target)} in {over} if [{conditions}]"

    # Annotations

    def _annotation(self, node: ast.expr) -> str:
        return self.expression(unquoted(node))

    def _unfollowed(self, node: ast.expr) -> str:
        """An annotation that nobody reads while the program runs, without following what it names."""
        references, besides, externals = dict(self.references), set(self.besides), set(self.externals)
        uses, unresolved = list(self.uses), list(self.unresolved)
        text = self._annotation(node)
        self.references, self.besides, self.externals = references, besides, externals
        self.uses, self.unresolved = uses, unresolved
        return "\x02".join(text.split("\x01")[::2])

    def _named_classes(self, node: ast.expr) -> Iterator[Definition]:
        for inner in ast.walk(unquoted(node)):
            target = self._target(inner) if isinstance(inner, ast.Name | ast.Attribute) else None
            if isinstance(target, Definition):
                yield target

    def _classes_in(self, node: ast.expr, known: frozenset[Definition] = frozenset()) -> Iterator[Definition]:
        """Classes of the package that an annotation names, by an alias too, and that are not left out."""
        for definition in self._named_classes(node):
            if definition in known or self.exclusions.leaves_out(definition):
                continue
            if any(isinstance(item, ast.ClassDef) for item in self.modules.statements(definition)):
                yield definition
            writer = _Writer(self.modules, definition, self.exclusions)
            for value in _values(self.modules.statements(definition)):
                yield from writer._classes_in(value, known | {definition})

    def _is_protocol(self, definition: Definition) -> bool:
        return any(base == External("typing.Protocol") for base in _bases(self.modules, definition))

    def is_observer(self, name: str, annotation: ast.expr) -> bool:
        """Whether a parameter or attribute is a function that reports a line, by its name and its type."""
        return name.strip("_") in OBSERVER_NAMES and self.takes_a_line(annotation)

    def takes_a_line(self, node: ast.expr) -> bool:
        """Whether an annotation is that of a function that takes a text and returns nothing."""
        node = parsed(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self.takes_a_line(node.left)
        target = self._target(node) if isinstance(node, ast.Name | ast.Attribute) else None
        if isinstance(target, Definition) and target != self.definition:
            values = list(_values(self.modules.statements(target)))
            writer = _Writer(self.modules, target, self.exclusions)
            return len(values) == 1 and writer.takes_a_line(values[0])
        if not isinstance(node, ast.Subscript) or not self._full_name(node.value).endswith("Callable"):
            return False
        return ast.unparse(node.slice) in ("([str], None)", "[str], None")

    def _observing_attributes(self, node: ast.ClassDef) -> set[str]:
        """Attributes of a class that take a line to report: fields, and those set from such a parameter."""
        attributes: set[str] = set()
        for inner in node.body:
            if (
                isinstance(inner, ast.AnnAssign)
                and isinstance(inner.target, ast.Name)
                and self.is_observer(inner.target.id, inner.annotation)
            ):
                attributes.add(inner.target.id)
            if isinstance(inner, ast.FunctionDef):
                takes = {
                    item.arg
                    for item in parameters(inner.args)
                    if item.annotation and self.is_observer(item.arg, item.annotation)
                }
                attributes |= set(_attributes_set_from(inner, takes))
        return attributes

    # Errors, scopes, names

    def _is_package_error(self, node: ast.expr) -> bool:
        """Whether a class is an error of the package of which every argument is a text for people."""
        entry = self.exclusions.get(self._target(node))
        return entry is not None and entry.why is Why.ERRORS

    def _is_worded(self, node: ast.expr) -> bool:
        """Whether what is raised is an error whose texts are for people: a library's, or one below the package's."""
        target = self._target(node)
        if isinstance(target, External):
            return target.name.endswith("Error")
        bases = _bases(self.modules, target) if isinstance(target, Definition) else ()
        return any((entry := self.exclusions.get(base)) and entry.why is Why.ERRORS for base in bases)

    def _constant(self, node: ast.Constant) -> str:
        if not isinstance(node.value, str):
            return repr(node.value)
        self._note_reading(node.value)
        return json.dumps(node.value)

    def _full_name(self, node: ast.expr) -> str:
        target = self._target(node)
        return target.name if isinstance(target, External) else ""

    def _required_scope(self) -> Scope:
        if self._scope is None:
            raise AssertionError("a name is bound inside of a definition")
        return self._scope

    @contextmanager
    def _inside(self, scope: Scope) -> Iterator[None]:
        outer, self._scope = self._scope, scope
        try:
            yield
        finally:
            self._scope = outer


def _bases(modules: Modules, definition: Definition) -> Iterator[Target]:
    for statement in modules.statements(definition):
        if isinstance(statement, ast.ClassDef):
            for base in statement.bases:
                inner = base.value if isinstance(base, ast.Subscript) else base
                target = resolve(modules, definition.module, inner.id) if isinstance(inner, ast.Name) else None
                if target is not None:
                    yield target


def _values(statements: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    """What assignments of an alias give it."""
    for statement in statements:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            yield statement.value


def _attributes_set_from(function: ast.FunctionDef, names: Iterable[str]) -> Iterator[str]:
    """Attributes of ``self`` that are set to one of some names, alone or in a tuple."""
    known = set(names)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                    else [(target, node.value)]
                )
                for left, right in pairs:
                    if isinstance(left, ast.Attribute) and isinstance(right, ast.Name) and right.id in known:
                        yield left.attr


def _called(node: ast.expr) -> ast.expr:
    """What a decorator is, with its arguments taken off."""
    return node.func if isinstance(node, ast.Call) else node


def _is_accessor(node: ast.expr) -> bool:
    """Whether a decorator is ``@name.setter`` or another part of a property."""
    return isinstance(node, ast.Attribute) and node.attr in ("setter", "getter", "deleter")
