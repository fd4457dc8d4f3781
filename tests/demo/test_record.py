"""What an auditor finds in the demo: no errors, and the notes that are kept in a file.

``make notes`` writes the file again.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from timeline.queries import auditing
from timeline.queries.auditing import Note

pytestmark = pytest.mark.usefixtures("demo")

KEPT: Final = Path(__file__).with_name("notes.txt")
HEAD: Final = "# What could be better in the demo, by record. `make notes` writes this file.\n"


def test_demo_has_no_errors() -> None:
    assert list(auditing.errors()) == []


def test_notes_on_the_demo_are_those_kept() -> None:
    lines = sorted(
        " ".join((noun, record)).strip()
        + ": "
        + ", ".join(f"{kind} {count[kind]}" for kind in Note if count[kind])
        for (noun, record), count in auditing.notes_by_record().items()
    )
    found = HEAD + "".join(f"{line}\n" for line in lines)
    if os.environ.get("RENEW_NOTES"):
        KEPT.write_text(found, encoding="utf-8")
    assert found == KEPT.read_text(encoding="utf-8")
