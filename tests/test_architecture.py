"""Rules of the project that no linter checks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
SELF: Final = Path(__file__).resolve()

KEPT_OUT: Final = frozenset(
    {".git", ".venv", "var", ".bench", "__pycache__", "node_modules", "test-results"}
)
TOP_LEVEL: Final = frozenset(
    {
        *(".ci", ".gitattributes", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md"),
        *("Makefile", "README.md", "config", "docs", "manage.py", "pyproject.toml"),
        "requirements.lock",
        *("bench", "static", "templates", "tests", "timeline"),
    }
)


def files(folder: str, *suffixes: str, root: Path = ROOT) -> Iterator[Path]:
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in suffixes and path.is_file() and path.resolve() != SELF:
            yield path


def matches(
    pattern: str, folder: str, *suffixes: str, but: str = "", root: Path = ROOT
) -> list[str]:
    """Return the places of a pattern in the files of a folder, as 'path:line'."""
    places = []
    for path in files(folder, *suffixes, root=root):
        name = path.relative_to(root).as_posix()
        if but and re.search(but, name):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.search(pattern, line):
                places.append(f"{name}:{number}")
    return places


CODE: Final = ("config", "timeline", "templates", "static", "tests", "docs", ".ci")
SUFFIXES: Final = (".py", ".html", ".txt", ".xml", ".css", ".js", ".svg", ".md", ".toml", ".yaml")


INLINE: Final = (
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|<script(?![^>]*\b(?:src\s*=|type=\"application/(?:ld\+)?json\"))"
)


def test_rule_finds_what_it_looks_for(tmp_path: Path) -> None:
    page = tmp_path / "templates" / "a.html"
    page.parent.mkdir()
    page.write_text(
        '<p class="a">\n<p style="color: red">\n<a onclick="go()">\n<script>go()</script>\n'
        '<script src="a.js"></script>\n<script defer\n'
    )
    expected = [f"templates/a.html:{line}" for line in (2, 3, 4, 6)]
    assert matches(INLINE, "templates", ".html", root=tmp_path) == expected


def test_templates_hold_no_inline_style_or_script() -> None:
    assert matches(INLINE, "templates", ".html", ".svg", ".xml") == []


def test_lines_of_public_templates_are_short() -> None:
    assert matches(r"^.{121}", "templates/public", ".html", ".svg", ".xml") == []


def test_public_templates_hand_arguments_to_what_they_import() -> None:
    # A template imported with the context of a page is compiled again for each page.
    assert matches(r"import\b.*\bwith context", "templates/public", ".html", ".svg") == []


def test_query_counts_are_never_bare_calls() -> None:
    assert (
        matches(r"^\s*(self\.assertNumQueries|django_assert_num_queries)\(", "tests", ".py") == []
    )


@pytest.mark.parametrize("folder", CODE)
def test_nothing_is_left_to_be_done(folder: str) -> None:
    assert matches(r"\b(TODO|FIXME|XXX|HACK)\b", folder, *SUFFIXES) == []


def test_only_the_clock_says_what_day_it_is() -> None:
    # timezone.now() may stamp when a row was created; no rule of the record depends on that.
    reading = r"\b(date|datetime)\.(today|now|utcnow)\(|\blocal(date|time)\(|\btime\.time\("
    assert matches(reading, "timeline", ".py", but=r"^timeline/clock\.py$") == []


def test_only_views_the_admin_and_commands_ask_the_clock() -> None:
    asking = r"\bclock\b.*\bimport\b|\bimport\b.*\bclock\b"
    allowed = r"^timeline/(pages|admin|management)/"
    assert matches(asking, "timeline", ".py", but=allowed) == []


def test_tests_set_the_day_in_one_place() -> None:
    patched = r"setattr\(.*\btoday\b"
    assert matches(patched, "tests", ".py") == []


def test_only_one_helper_reads_htmx_headers() -> None:
    reading = r"request\.htmx|\bHX-[A-Z]|HTTP_HX_"
    assert matches(reading, "timeline", ".py", but=r"^timeline/pages/_respond\.py$") == []


def test_static_files_are_our_own() -> None:
    theirs = r"@license|Licen[sc]e:|\(c\) \d{4}|©|sourceMappingURL|jQuery|cdn\.|unpkg"
    assert matches(theirs, "static", ".css", ".js", ".svg") == []
    assert [path.name for path in files("static", ".css", ".js") if ".min." in path.name] == []


def test_pages_load_nothing_from_elsewhere() -> None:
    elsewhere = r"<(script|link|img|iframe|source)\b[^>]*\b(src|href)\s*=\s*[\"'](https?:)?//"
    assert matches(elsewhere, "templates", ".html") == []
    assert matches(r"url\(\s*[\"']?(https?:)?//|@import", "static", ".css") == []


def test_locks_name_packages_and_hashes_only() -> None:
    for lock in (ROOT / "requirements.lock", ROOT / "tests" / "requirements.lock"):
        line = re.compile(r"[a-z0-9.-]+==[\w.+]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
        other = [text for text in lock.read_text().splitlines() if not line.fullmatch(text)]
        assert other == []


def test_everything_that_the_site_installs_is_what_the_tests_install() -> None:
    site, tests = (
        {text for text in (ROOT / name).read_text().splitlines() if "==" in text}
        for name in ("requirements.lock", "tests/requirements.lock")
    )
    assert site - tests == set()


def test_project_holds_only_what_its_tree_says() -> None:
    ignored = {".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache"}
    names = {path.name for path in ROOT.iterdir()}
    assert names - KEPT_OUT - ignored - TOP_LEVEL == set()
