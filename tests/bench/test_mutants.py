"""The mutants of the code: which are drawn, which tests are run, and which are reported."""

from pathlib import Path
from subprocess import CalledProcessError

import pytest

from bench.mutants import (
    Mutant,
    Outcome,
    copied,
    covering_tests,
    drawn,
    equivalents,
    lines_run_with,
    measured,
    near_tests,
    outcome,
    try_out,
)

HELD = """
def larger(one: int | None, other: int) -> int | None:
    if one is None or one < other:
        return other
    return one
"""

NOT_HELD = """
from typing import Protocol

class Sized(Protocol):
    @property
    def size(self) -> int: ...

    def exceeds(self, size: int = 1) -> bool:
        return self.size > size

def smaller(one: int, other: int) -> int:
    return one if one < other else other
"""

TESTS = """
from timeline.index.held import larger

def test_larger() -> None:
    assert [larger(1, 2), larger(2, 1), larger(None, 1)] == [2, 2, 1]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two modules, of which one is tested."""
    for name, text in (
        ("timeline/index/held.py", HELD),
        ("timeline/index/not_held.py", NOT_HELD),
        ("tests/index/test_held.py", TESTS),
    ):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def test_same_seed_draws_the_same_places(project: Path) -> None:
    everything = drawn(project, 1, 1000)
    places = {(Path(mutant.module).name, mutant.line) for mutant in everything}
    assert places == {("held.py", 3), ("not_held.py", 12)}  # no annotation, no protocol
    assert len(everything) >= 5
    assert drawn(project, 7, 3) == drawn(project, 7, 3)
    assert len({tuple(drawn(project, seed, 3)) for seed in range(5)}) > 1


def test_broken_place_is_noticed_where_it_is_tested(project: Path, tmp_path: Path) -> None:
    by_module = {mutant.module: mutant for mutant in drawn(project, 1, 1000)}
    mutants = [*by_module.values()]
    before = {path: path.read_text() for path in project.rglob("*.py")}
    outcomes = dict(try_out(project, mutants, set(), tmp_path / "kept"))
    assert list(outcomes) == mutants
    for mutant, result in outcomes.items():
        is_tested = mutant.module == "timeline/index/held.py"
        assert result == (Outcome.NOTICED if is_tested else Outcome.LIVED), mutant.difference
    assert {path: path.read_text() for path in project.rglob("*.py")} == before


def test_loop_without_end_is_noticed(project: Path, tmp_path: Path) -> None:
    broken = HELD.replace("return one\n", "while True: pass\n")
    with copied(project) as copy:
        data = measured(copy, tmp_path / "kept")
        mutant = Mutant("timeline/index/held.py", 5, HELD, broken)
        assert outcome(copy, data, mutant, seconds=2) is Outcome.NOTICED


def test_tests_are_those_that_run_the_lines_of_a_place(project: Path, tmp_path: Path) -> None:
    (project / "tests/index/test_another.py").write_text(TESTS.replace("test_larger", "test_more"))
    (project / "tests/index/test_nothing.py").write_text("def test_nothing(): pass\n")
    with copied(project) as copy:
        data = measured(copy, tmp_path / "kept")
    held, not_held = "timeline/index/held.py", "timeline/index/not_held.py"
    both = ["tests/index/test_another.py::test_more", "tests/index/test_held.py::test_larger"]
    assert covering_tests(data, held, HELD, 5) == both
    assert covering_tests(data, held, HELD, 2) == both
    assert covering_tests(data, not_held, NOT_HELD, 12) == []


@pytest.mark.soak
def test_tests_are_measured_again_once_a_file_changed(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"

    def measure() -> dict[Path, int]:
        with copied(project) as copy:
            measured(copy, kept)
        return {file: file.stat().st_mtime_ns for file in kept.iterdir()}

    first = measure()
    assert (len(first), measure()) == (1, first)
    (project / "tests/index/test_another.py").write_text("def test_nothing(): pass\n")
    second = measure()
    assert (len(second), first.keys() & second.keys()) == (1, set())
    (project / "tests/index/test_another.py").write_text("def test_nothing(): assert False\n")
    with pytest.raises(CalledProcessError) as failed:
        measure()
    assert "test_another.py::test_nothing" in failed.value.output


SOURCE = """X = [
    1,
]

def longer(
    a, b=2
):
    try:
        return [
            a,
            b,
        ]
    except ValueError:
        if (a
                and b):
            return a
    return None
"""


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (2, None),
        (6, None),
        (8, range(8, 9)),
        (10, range(9, 13)),
        (13, range(13, 14)),
        (15, range(14, 16)),
        (16, range(16, 17)),
        (17, range(17, 18)),
    ],
)
def test_lines_that_run_together(line: int, lines: range | None) -> None:
    assert lines_run_with(SOURCE, line) == lines


def test_near_tests_have_the_name_of_the_module_or_import_it(project: Path) -> None:
    for name, text in (
        ("browser/test_held.py", ""),
        ("soak/test_held.py", ""),
        ("core/test_held.py", ""),
        ("core/test_other.py", "from timeline.index import held"),
        ("index/test_another.py", ""),
    ):
        path = project / "tests" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert near_tests(project, "timeline/index/held.py") == [
        "tests/core/test_held.py",
        "tests/core/test_other.py",
        "tests/index/test_held.py",
    ]
    assert near_tests(project, "timeline/pages/held/_parts.py") == [
        "tests/core/test_held.py",
        "tests/index/test_held.py",
    ]


def test_equivalents_are_of_lines_that_are_still_there() -> None:
    for module, difference in equivalents():
        lines = [line[1:] for line in difference.splitlines() if line.startswith("-")]
        assert "\n".join(lines) in Path(module).read_text(encoding="utf-8"), module


def test_equivalents_say_why(tmp_path: Path) -> None:
    file = tmp_path / "equivalents.toml"
    entry = '[[equivalent]]\nmodule = "a.py"\ndifference = "-x\\n+y\\n"\nreason = "{}"\n'
    file.write_text(entry.format("x is y"))
    assert equivalents(file) == {("a.py", "-x\n+y")}
    file.write_text(entry.format(" "))
    with pytest.raises(ValueError, match="reason"):
        equivalents(file)
