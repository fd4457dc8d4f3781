"""The mutants of the code: which are drawn, which tests are run, and which are reported."""

from pathlib import Path

import pytest

from bench.mutants import Outcome, drawn, equivalents, relevant_tests, try_out

HELD = """
def larger(one: int | None, other: int) -> int | None:
    if one is None or one < other:
        return other
    return one
"""

NOT_HELD = """
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
    assert places == {("held.py", 3), ("not_held.py", 3)}  # no place in an annotation
    assert len(everything) >= 5
    assert drawn(project, 7, 3) == drawn(project, 7, 3)
    assert len({tuple(drawn(project, seed, 3)) for seed in range(5)}) > 1


def test_broken_place_is_noticed_where_it_is_tested(project: Path) -> None:
    by_module = {mutant.module: mutant for mutant in drawn(project, 1, 1000)}
    mutants = [*by_module.values()]
    before = {path: path.read_text() for path in project.rglob("*.py")}
    outcomes = dict(try_out(project, mutants, same=set()))
    assert list(outcomes) == mutants
    for mutant, outcome in outcomes.items():
        is_tested = mutant.module == "timeline/index/held.py"
        assert outcome == (Outcome.NOTICED if is_tested else Outcome.LIVED), mutant.difference
    assert {path: path.read_text() for path in project.rglob("*.py")} == before


def test_nearest_tests_come_first(project: Path) -> None:
    for name, text in (
        ("admin/test_other.py", ""),
        ("browser/test_other.py", "import timeline.index.not_held"),
        ("core/test_held.py", ""),
        ("core/test_other.py", "from timeline.index import held"),
        ("index/test_another.py", ""),
        ("pages/test_other.py", ""),
    ):
        path = project / "tests" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert relevant_tests(project, "timeline/index/held.py") == (
        ["tests/index/test_held.py", "tests/core/test_held.py", "tests/core/test_other.py"],
        [
            "tests/index/test_another.py",
            "tests/pages/test_other.py",
            "tests/admin/test_other.py",
        ],
    )


def test_equivalents_say_why(tmp_path: Path) -> None:
    file = tmp_path / "equivalents.toml"
    entry = '[[equivalent]]\nmodule = "a.py"\ndifference = "-x\\n+y\\n"\nreason = "{}"\n'
    file.write_text(entry.format("x is y"))
    assert equivalents(file) == {("a.py", "-x\n+y")}
    file.write_text(entry.format(" "))
    with pytest.raises(ValueError, match="reason"):
        equivalents(file)
