"""Figures of Python trees, counted in one way: `python ci/measure_code.py [--bars] TREE…`.

A tree is a package's folder (or any folder of modules); tests in it are left out. Sizes are in lines. `--bars` also
compares the figures with the bars of this project, and exits 1 where one is missed. Needs Python alone.
"""

from __future__ import annotations

import ast
import statistics
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# words that say nothing of what is bound to them
FUNCTION_WORDS = frozenset({
    "another", "any", "at", "after", "before", "both", "each", "else", "found", "given", "had", "has", "here",
    "how", "it", "its", "kept", "known", "made", "none", "of", "one", "ones", "other", "others", "own", "rest",
    "said", "same", "seen", "shown", "so", "such", "taken", "that", "them", "then", "there", "these", "they",
    "this", "those", "told", "was", "went", "were", "what", "when", "where", "which", "who", "whole", "why",
    "with",
})  # fmt: skip
# folders in which every module offers the same names to a registry
PLUG_IN_FOLDERS = (
    "cli/commands",
    "parse/readers",
    "resolve/archive/drivers",
    "resolve/judge/detectors",
    "report/render",
)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file. `name` is its path below the tree without the suffix, with slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def line_count(self) -> int:
        return len(self.text.splitlines())

    @property
    def stem(self) -> str:
        """The last word of the path; for a package that of its folder."""
        return self.name.removesuffix("/__init__").rpartition("/")[2]

    @property
    def is_plug_in(self) -> bool:
        return any(self.name.startswith(f"{folder}/") for folder in PLUG_IN_FOLDERS)

    @cached_property
    def functions(self) -> tuple[FunctionNode, ...]:
        """All functions and methods, nested ones too."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, FunctionNode))

    @cached_property
    def public_functions(self) -> tuple[FunctionNode, ...]:
        """The functions of the module itself, without methods and private ones."""
        return tuple(n for n in self.tree.body if isinstance(n, FunctionNode) and not n.name.startswith("_"))

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        return tuple(node.name for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))


def read_modules(folder: Path) -> list[Module]:
    """The modules below a folder, sorted by path. Raises SyntaxError for one that this Python cannot read."""
    modules = []
    for path in sorted(folder.rglob("*.py")):
        place = path.relative_to(folder).with_suffix("")
        if not {"tests", "test", "_tests"} & set(place.parts[:-1]) and not any(p.startswith(".") for p in place.parts):
            modules.append(Module(place.as_posix(), path.read_text("utf-8")))
    return modules


def count_lines(function: FunctionNode) -> int:
    """A function's lines from `def` to its end, without decorators."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def find_repeated_classes(modules: Sequence[Module]) -> dict[str, list[str]]:
    """Class name → the modules that define it, for names that more than one class has."""
    homes: dict[str, list[str]] = {}
    for module in modules:
        for name in module.class_names:
            homes.setdefault(name, []).append(module.name)
    return {name: places for name, places in homes.items() if len(places) > 1}


def find_shared_functions(modules: Sequence[Module]) -> dict[str, list[str]]:
    """Name of a public module-level function → the modules outside plug-in folders that define it, where several do."""
    homes: dict[str, list[str]] = {}
    for module in modules:
        for name in {function.name for function in module.public_functions} if not module.is_plug_in else ():
            homes.setdefault(name, []).append(module.name)
    return {name: places for name, places in homes.items() if len(places) > 1}


def iterate_bindings(tree: ast.AST) -> Iterator[str]:
    """Every name that is bound to a value: arguments, assignments, loops, `as`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs) and node.name:
            yield node.name


def iterate_imports(module: Module, package: str) -> Iterator[str]:
    """The dotted names that a module imports when it runs, lazily too; those for type checkers are left out."""
    for node in _walk_runtime(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = [package, *module.name.split("/")][: -node.level or None] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _walk_runtime(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for statement in node.orelse:
                yield statement
                yield from _walk_runtime(statement)
        else:
            yield node
            yield from _walk_runtime(node)


def find_import_circles(modules: Sequence[Module], package: str) -> list[list[str]]:
    """Groups of modules that import one another, each sorted. An import of a name is one of its module."""
    names = {".".join([package, *m.name.removesuffix("/__init__").split("/")]): m.name for m in modules}
    names[package] = "__init__"
    edges: dict[str, set[str]] = {module.name: set() for module in modules}
    for module in modules:
        for imported in iterate_imports(module, package):
            target = names.get(imported) or names.get(imported.rpartition(".")[0])
            if target and target != module.name:
                edges[module.name].add(target)
    reach = {name: _collect_reachable(name, edges) for name in edges}
    circles = {
        frozenset(other for other in reach[name] if name in reach[other]) for name in edges if name in reach[name]
    }
    return sorted(sorted(circle) for circle in circles)


def _collect_reachable(start: str, edges: Mapping[str, Iterable[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(edges.get(name, ()))
    return reached


def is_one_word(name: str) -> bool:
    return "_" not in name.strip("_")


def measure_tree(folder: Path) -> dict[str, float]:
    """The figures of one tree by name. Shares are in per cent; p90 is the ninth decile."""
    modules = read_modules(folder)
    functions = [function for module in modules for function in module.functions]
    named = [f.name for f in functions if not (f.name.startswith("__") and f.name.endswith("__"))]
    bindings = Counter(name.strip("_") for module in modules for name in iterate_bindings(module.tree))
    public = [function for module in modules for function in module.public_functions]
    outside = {(m.name, f.name) for m in modules if not m.is_plug_in for f in m.public_functions}
    shared = find_shared_functions(modules)
    return {
        **_measure_sizes(modules, functions),
        "annotated %": _share(sum(is_annotated(function) for function in functions), len(functions)),
        "public functions with a docstring %": _share(sum(bool(ast.get_docstring(f)) for f in public), len(public)),
        "modules with a docstring %": _share(sum(bool(ast.get_docstring(m.tree)) for m in modules), len(modules)),
        "one-word functions %": _share(sum(map(is_one_word, named)), len(named)),
        "median function name": statistics.median(len(name.strip("_")) for name in named) if named else 0,
        "function-word bindings %": _share(
            sum(n for name, n in bindings.items() if name in FUNCTION_WORDS), bindings.total()
        ),
        "shared function names %": _share(sum(len(places) for places in shared.values()), len(outside)),
        "class names twice": len(find_repeated_classes(modules)),
        "import circles": len(find_import_circles(modules, folder.resolve().name)),
    }


def _measure_sizes(modules: Sequence[Module], functions: Sequence[FunctionNode]) -> dict[str, float]:
    sizes, lengths = sorted(m.line_count for m in modules), sorted(map(count_lines, functions))
    lines, comments, docstrings = sum(sizes), sum(map(_count_comments, modules)), sum(map(_count_docstrings, modules))
    folders = {module.name.rpartition("/")[0] for module in modules}
    return {
        "modules": len(modules),
        "folders": len(folders),
        "depth": max((folder.count("/") + 2 if folder else 1 for folder in folders), default=0),
        "lines": lines,
        "module median": statistics.median(sizes) if sizes else 0,
        "module p90": _ninth_decile(sizes),
        "module max": max(sizes, default=0),
        "modules under 40 lines": sum(size < 40 for size in sizes),
        "function median": statistics.median(lengths) if lengths else 0,
        "function p90": _ninth_decile(lengths),
        "function max": max(lengths, default=0),
        "functions over 40": sum(length > 40 for length in lengths),
        "functions over 50": sum(length > 50 for length in lengths),
        "comments per 1000 lines": 1000 * comments / max(lines, 1),
        "docstring lines per 1000": 1000 * docstrings / max(lines, 1),
    }


def is_annotated(function: FunctionNode) -> bool:
    """Whether every argument (but self and cls) and the result have types."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if positional and positional[0].arg in ("self", "cls"):
        positional = positional[1:]
    others = [*arguments.kwonlyargs, *filter(None, (arguments.vararg, arguments.kwarg))]
    return function.returns is not None and all(argument.annotation for argument in (*positional, *others))


def _count_comments(module: Module) -> int:
    lines = iter(module.text.splitlines(keepends=True))
    return sum(token.type == tokenize.COMMENT for token in tokenize.generate_tokens(lambda: next(lines, "")))


def _count_docstrings(module: Module) -> int:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(module.tree) if isinstance(node, owners))
    return sum(
        (node.body[0].end_lineno or 0) - node.body[0].lineno + 1
        for node in nodes
        if ast.get_docstring(node) is not None
    )


def _ninth_decile(values: Sequence[int]) -> int:
    return values[min(len(values) - 1, int(len(values) * 0.9))] if values else 0


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


# figure → (sign, bar): at most, or at least
BARS: dict[str, tuple[str, float]] = {
    "one-word functions %": ("≤", 45),
    "median function name": ("≥", 9),
    "function-word bindings %": ("≤", 4),
    "shared function names %": ("≤", 10),
    "class names twice": ("≤", 0),
    "import circles": ("≤", 0),
    "module max": ("≤", 300),
    "function max": ("≤", 45),
}


def find_missed_bars(figures: Mapping[str, float]) -> list[str]:
    """A line for each figure that misses its bar."""
    return [
        f"{name} is {figures[name]:.1f}; the bar is {sign} {bar:g}"
        for name, (sign, bar) in BARS.items()
        if (figures[name] > bar if sign == "≤" else figures[name] < bar)
    ]


def main(arguments: Sequence[str]) -> int:
    folders = [Path(argument) for argument in arguments if not argument.startswith("-")]
    if not folders or not all(folder.is_dir() for folder in folders):
        sys.stderr.write("usage: measure_code.py [--bars] TREE…, each a folder of modules\n")
        return 2
    columns = {str(folder): measure_tree(folder) for folder in folders}
    width = max(10, *(len(name) + 2 for name in columns))
    lines = [
        f"{figure:<38}" + "".join(f"{figures[figure]:>{width}.1f}" for figures in columns.values())
        for figure in next(iter(columns.values()))
    ]
    missed = (
        [line for figures in columns.values() for line in find_missed_bars(figures)] if "--bars" in arguments else []
    )
    sys.stdout.write("\n".join([" " * 38 + "".join(f"{name:>{width}}" for name in columns), *lines, *missed]) + "\n")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
