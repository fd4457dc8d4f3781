"""The documents keep their form, and the files that they link to exist."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest
import yaml
from django.apps import apps

from timeline.core.codes import InstrumentAct

ROOT: Final = Path(__file__).resolve().parent.parent
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])

KINDS: Final = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
"""The headings of https://keepachangelog.com/en/1.1.0/, in its order."""


def sections() -> dict[str, list[str]]:
    """Return the headings under each version of the changelog, without its first lines."""
    by_heading: dict[str, list[str]] = {}
    for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            by_heading[line.removeprefix("## ")] = kinds = []
        elif line.startswith("#") and by_heading:
            kinds.append(line)
    return by_heading


def test_changelog_begins_with_what_is_unreleased_and_dates_each_version() -> None:
    unreleased, *released = sections()
    assert unreleased == "[Unreleased]"
    dated = re.compile(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d")
    assert [version for version in released if not dated.fullmatch(version)] == []


def test_changelog_has_the_headings_of_keep_a_changelog_in_their_order() -> None:
    for version, kinds in sections().items():
        assert kinds == [f"### {kind}" for kind in KINDS if f"### {kind}" in kinds], version


def test_changelog_has_a_section_for_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [heading.split(" - ")[0] for heading in sections()]
    assert f"[{project['version']}]" in versions


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_files_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_readme_opens_with_a_small_picture_that_has_a_text() -> None:
    opening = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    ((words, file),) = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", opening)
    assert len(words.split()) > 5
    assert (ROOT / file).stat().st_size < 150_000


def test_data_model_names_every_table_of_the_record_and_every_act() -> None:
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    nouns = page.split("## The nouns")[1].split("\n\n")[1]
    tables = {name for line in nouns.splitlines()[2:] for name in line.split("|")[2].split(", ")}
    models = apps.get_app_config("timeline").get_models()
    stored = {model._meta.model_name for model in models if hasattr(model, "history")}
    stored |= {"involvement"}
    assert {name.strip().strip("`") for name in tables} == stored
    assert [act.value for act in InstrumentAct if f"`{act.value}`" not in page] == []


def test_citation_of_the_software_names_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["cff-version"], cited["version"]) == ("1.2.0", project["version"])
