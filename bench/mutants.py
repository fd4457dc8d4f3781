"""Break the code in places and see whether its tests notice: `make mutants SEED=1`.

Places are drawn by the seed from the packages named below. Each is broken by itself in a copy of
the project, as many at once as there are cores; the working tree is only read. Mutants that live
are printed with their difference, and the exit code is then 1; it is 2 when the tests fail without
any change. Equivalent mutants are listed in `mutants.toml` with the reason, and count as noticed.

The tests about a place are those that run its lines, as Coverage.py measures them, and those of its
module. What was measured is kept under `.bench/` until a file of the project changes.

The operators are those of Cosmic Ray (https://cosmic-ray.readthedocs.io).
"""

import argparse
import ast
import difflib
import hashlib
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from enum import StrEnum
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from coverage import CoverageData

ROOT: Final = Path(__file__).resolve().parent.parent
ROOMS: Final = ("queries", "index", "pages", "formats", "actions")
EQUIVALENTS: Final = Path(__file__).with_suffix(".toml")

_LEFT_OUT: Final = (".git", ".venv", "var", ".bench", ".*_cache", ".hypothesis", "__pycache__")
"""Parts of the project that no test needs, above all caches, which belong to the working tree."""

_MOST_SECONDS: Final = 600
"""The time limit of one test, because a broken loop may never end: it then counts as failed.

It is four times what the slowest test takes by itself.
"""

_PASSED_OVER: Final = ("browser", "soak")
"""Folders of tests that are slow and see what those of pages see: they drive servers."""

_MOST_BYTES: Final = 4 * 2**30
"""The memory of each process, so that an endless loop cannot exhaust the machine's."""

_NOTHING_COLLECTED: Final = 5
"""Pytest's exit code where there are no tests."""


class Place(NamedTuple):
    """A place at which a module can be broken, and its operators with their occurrences."""

    module: str
    line: int
    column: int
    operators: tuple[tuple[str, int], ...]


class Mutant(NamedTuple):
    """A module with one place broken."""

    module: str
    line: int
    source: str
    broken: str

    @property
    def difference(self) -> str:
        """The lines that differ, as a unified diff without context."""
        lines = (self.source.splitlines(), self.broken.splitlines())
        return "\n".join(list(difflib.unified_diff(*lines, lineterm="", n=0))[3:])


class Outcome(StrEnum):
    """The result of the tests for a mutant."""

    NOTICED = "noticed"
    LIVED = "lived"
    EQUIVALENT = "equivalent"


# What can be broken


def _operators() -> Iterator[tuple[str, Any]]:
    """Yield the operators that take no arguments, by name."""
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if not operator.arguments():
            yield name, operator()


def _is_passed_over(node: Any) -> bool:
    """Whether a node is part of an annotation, of a decorator or of the body of a protocol.

    A change of a type, of ``slots=True`` or of the size of a cache breaks nothing or everything,
    and a protocol is read by the type checker alone.
    """
    while (parent := node.parent) is not None:
        before = parent.children[: parent.children.index(node)]
        is_annotation = (parent.type == "annassign" and len(before) == 1) or (
            parent.type == "funcdef" and "->" in before[-1:]
        )
        is_protocol = parent.type == "classdef" and "Protocol" in _names(before)
        if is_annotation or is_protocol or parent.type in ("tfpdef", "decorator"):
            return True
        node = parent
    return False


def _names(nodes: Iterable[Any]) -> list[str]:
    """Return the names in some nodes."""
    return [name for node in nodes for name in re.findall(r"\w+", node.get_code())]


def places(root: Path) -> list[Place]:
    """Return all places of the packages, in a fixed order."""
    operators = list(_operators())
    all_places: list[Place] = []
    for room in ROOMS:
        for path in sorted((root / "timeline" / room).rglob("*.py")):
            module = path.relative_to(root).as_posix()
            numbers = dict.fromkeys(dict(operators), 0)
            by_start: dict[tuple[int, int], list[tuple[str, int]]] = {}
            for node in ast_nodes(get_ast(path.read_text(encoding="utf-8"))):
                for name, operator in operators:
                    for start, _end in operator.mutation_positions(node):
                        if not _is_passed_over(node):
                            by_start.setdefault(start, []).append((name, numbers[name]))
                        numbers[name] += 1
            all_places += [
                Place(module, *start, tuple(by_start[start])) for start in sorted(by_start)
            ]
    return all_places


def drawn(root: Path, seed: int, number: int) -> list[Mutant]:
    """Draw so many mutants at different places; the same for the same seed and code."""
    draw = random.Random(seed)  # noqa: S311 — which places, not secrets
    mutants: list[Mutant] = []
    candidates = places(root)
    for place in draw.sample(candidates, len(candidates)):
        if len(mutants) == number:
            break
        source = (root / place.module).read_text(encoding="utf-8")
        for name, occurrence in draw.sample(place.operators, len(place.operators)):
            broken = mutate_code(source, get_operator(name)(), occurrence)
            if broken and broken != source and _compiles(broken):
                mutants.append(Mutant(place.module, place.line, source, broken))
                break
    return mutants


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


# Which tests are about a place


def lines_run_with(source: str, line: int) -> range | None:
    """Return the lines of the statement, or of the head of a block, at a line in a function.

    None stands for a line outside functions: it runs once, when the module is imported, for all.
    """
    node: ast.AST = ast.parse(source)
    is_in_function = False
    while isinstance(node, ast.Module | ast.stmt | ast.ExceptHandler | ast.match_case):
        for child in ast.iter_child_nodes(node):
            first, last = getattr(child, "lineno", 0), getattr(child, "end_lineno", 0)
            if first <= line <= last and isinstance(child, ast.stmt | ast.ExceptHandler):
                is_in_function = is_in_function or isinstance(node, ast.FunctionDef)
                node = child
                break
        else:
            break
    if not is_in_function:
        return None
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if body else getattr(node, "end_lineno", line)
    first = getattr(node, "lineno", line)
    return (
        range(first, max(first, last) + 1)
        if first <= line <= max(first, last)
        else range(line, line + 1)
    )


def covering_tests(data: CoverageData, module: str, source: str, line: int) -> list[str]:
    """Return the tests that ran a line of a module, by their node IDs, those of few lines first.

    They are fast, and most likely to be about the line. For a line outside functions, or one that
    ran in no test, they are those that ran any line.
    """
    by_line = data.contexts_by_lineno(module)
    lines = lines_run_with(source, line)
    contexts = {context for number in lines or () for context in by_line.get(number, ())} - {""}
    if not contexts:
        contexts = {context for found in by_line.values() for context in found} - {""}
    lines_run = _lines_run(data.data_filename())
    return sorted(
        {context.rpartition("|")[0] for context in contexts},
        key=lambda test: (lines_run[test], test),
    )


@cache
def _lines_run(file: str) -> Counter[str]:
    """Return how many lines each test ran, from the database that Coverage.py documents."""
    number: Counter[str] = Counter()
    with closing(sqlite3.connect(file)) as database:
        for context, lines in database.execute(
            "SELECT context.context, line_bits.numbits FROM line_bits"
            " JOIN context ON context.id = line_bits.context_id"
        ):
            number[context.rpartition("|")[0]] += int.from_bytes(lines, "big").bit_count()
    return number


def near_tests(root: Path, module: str) -> list[str]:
    """Return the test files of a module: of its name, of its package's, and those that import it.

    What runs once for all tests, such as a function with a cache, is measured in one of them only,
    and what runs when a module is imported in none.
    """
    _timeline, _room, *packages, _file = Path(module).parts
    files = {f"test_{noun}" for noun in (*packages, Path(module).stem.lstrip("_"))}
    dotted = ".".join(Path(module).with_suffix("").parts)
    return [
        file.relative_to(root).as_posix()
        for file in sorted((root / "tests").rglob("test_*.py"))
        if file.parent.name not in _PASSED_OVER
        and (file.stem in files or dotted in _imported(file))
    ]


@cache
def _imported(file: Path) -> set[str]:
    """Return the names of all modules that a file imports, and of what it imports from them."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


# Trying them


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """Make a temporary copy of the project."""
    with tempfile.TemporaryDirectory(prefix="cadre-mutants-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        yield copy


def run_tests(copy: Path, tests: Sequence[str], *more: str, seconds: int = _MOST_SECONDS) -> int:
    """Run tests on SQLite until one fails or takes so many seconds; return pytest's exit code.

    The databases are those of the unbroken code. What pytest says stands in a file beside the copy.
    """
    removed = ("DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER")
    environment = {key: value for key, value in os.environ.items() if key not in removed}
    # A list of thousands of tests would be too long for a command line.
    names = copy.with_name("tests.txt")
    names.write_text("\n".join(tests), encoding="utf-8")
    with _log_of(copy).open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "pytest", "-x", "-q", "--no-header"),
                *("-m", "not soak and not browser", *(f"--ignore=tests/{n}" for n in _PASSED_OVER)),
                *("-o", "faulthandler_exit_on_timeout=true"),
                *("-o", f"faulthandler_timeout={seconds}", *more, f"@{names}"),
            ],
            cwd=copy,
            env={
                **environment,
                "TEST_DATABASE": "sqlite",
                "TEST_DATABASES_OF": str(ROOT),
                "COVERAGE_FILE": str(_coverage_of(copy)),
            },
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return process.wait()
    finally:
        # Servers that a test started outlive a process that ends at the limit.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def measured(copy: Path, folder: Path) -> CoverageData:
    """Run all tests of the copy, and return which test ran which lines; read it if it is kept.

    Raises CalledProcessError if a test fails, since it would then seem to notice every mutant.
    """
    kept = folder / f"mutants-{_digest(copy)}.coverage"
    if not kept.exists():
        rooms = [room for room in ROOMS if (copy / "timeline" / room).is_dir()]
        settings = copy.with_name("coverage.ini")
        sources = "\n  ".join(f"timeline/{room}" for room in rooms)
        settings.write_text(f"[run]\nrelative_files = true\nsource =\n  {sources}\n")
        coverage = ("--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report=")
        shared_out = ("-n", "auto", "--dist", "loadfile")
        if code := run_tests(copy, ["tests"], *shared_out, *coverage):
            said = _log_of(copy).read_text(encoding="utf-8")
            raise subprocess.CalledProcessError(code, "pytest", said)
        folder.mkdir(exist_ok=True)
        for former in folder.glob("mutants-*.coverage"):
            former.unlink()
        shutil.copy(_coverage_of(copy), kept)
    data = CoverageData(str(kept))
    data.read()
    return data


def _coverage_of(copy: Path) -> Path:
    """Return where the tests of a copy note what they run: beside it, as a test walks its files."""
    return copy.with_name("lines.coverage")


def _log_of(copy: Path) -> Path:
    """Return where the last run of tests of a copy says what it did."""
    return copy.with_name("tests.log")


def _digest(folder: Path) -> str:
    """Return a digest of the names and contents of all files."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def outcome(
    copy: Path, data: CoverageData, mutant: Mutant, seconds: int = _MOST_SECONDS
) -> Outcome:
    """Run the tests about a mutant in the copy, and restore the copy afterwards.

    Those first that both are near to it and run its lines: they are few, and most likely to fail.
    Then those that run its lines, and last whole files near to it.
    """
    near = near_tests(copy, mutant.module)
    covering = covering_tests(data, mutant.module, mutant.source, mutant.line)
    first = [test for test in covering if test.partition("::")[0] in near]
    others = [test for test in covering if test not in first]
    path = copy / mutant.module
    path.write_text(mutant.broken, encoding="utf-8")
    try:
        for tests in filter(None, (first, others, near)):
            if run_tests(copy, tests, seconds=seconds) not in (0, _NOTHING_COLLECTED):
                return Outcome.NOTICED
    finally:
        path.write_text(mutant.source, encoding="utf-8")
    return Outcome.LIVED


def equivalents(file: Path = EQUIVALENTS) -> set[tuple[str, str]]:
    """Read the equivalent mutants, by module and difference; raise ValueError without a reason."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", [])
    if not all(entry["reason"].strip() for entry in entries):
        raise ValueError("An equivalent change has no reason.")
    return {(entry["module"], entry["difference"].strip()) for entry in entries}


def try_out(
    root: Path, mutants: Iterable[Mutant], same: set[tuple[str, str]], kept: Path
) -> Iterator[tuple[Mutant, Outcome]]:
    """Break one place after the other in each copy, and yield the outcomes in order.

    ``kept`` is the folder of what was measured. Raises CalledProcessError if the tests fail without
    any change.
    """
    number = os.cpu_count() or 1
    with ExitStack() as stack:
        free: SimpleQueue[Path] = SimpleQueue()
        for _ in range(number):
            free.put(stack.enter_context(copied(root)))
        copy = free.get()
        data = measured(copy, kept)
        free.put(copy)

        def tried(mutant: Mutant) -> tuple[Mutant, Outcome]:
            if (mutant.module, mutant.difference.strip()) in same:
                return mutant, Outcome.EQUIVALENT
            copy = free.get()
            try:
                return mutant, outcome(copy, data, mutant)
            finally:
                free.put(copy)

        yield from stack.enter_context(ThreadPoolExecutor(number)).map(tried, mutants)


def main() -> None:
    """Draw places, break them, and print the mutants that lived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 1_000_000)
    parser.add_argument("--places", type=int, default=40)
    options = parser.parse_args()
    # Inherited by the tests: nothing may be done between fork and exec where there are threads.
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    mutants = drawn(ROOT, options.seed, options.places)
    print(f"seed {options.seed}: {len(mutants)} places; first the tests as they are", flush=True)
    counts = Counter[Outcome]()
    try:
        for mutant, result in try_out(ROOT, mutants, equivalents(), ROOT / ".bench"):
            print(f"{mutant.module}:{mutant.line} {result}", flush=True)
            if result is Outcome.LIVED:
                print(mutant.difference, flush=True)
            counts[result] += 1
    except subprocess.CalledProcessError as error:
        print(error.output, "The tests fail on the code as it is.", sep="\n")
        sys.exit(2)
    print(", ".join(f"{number} {result}" for result, number in counts.items()))
    sys.exit(1 if counts[Outcome.LIVED] else 0)


if __name__ == "__main__":
    main()
