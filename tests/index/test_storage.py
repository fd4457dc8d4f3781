"""The base of the index in a file is complete, or built again."""

from pathlib import Path

import numpy as np
import pytest
from pyroaring import BitMap

from timeline.index import storage
from timeline.index.base import Base
from timeline.index.segment import Events, FilterValue, Segment


def a_base(epoch: str = "first", number: int = 7) -> Base:
    events = Events(
        np.array([5, 3, 9], dtype=np.int64),
        np.array([700_000, 700_010, 700_010], dtype=np.int32),
        np.array([700_000, 700_040, 700_010], dtype=np.int32),
        np.array([False, True, False]),
        np.array([False, False, True]),
        np.array([False, False, False]),
    )
    sets: dict[FilterValue, BitMap] = {
        ("kind", "visit"): BitMap([0, 2]),
        ("party", 12): BitMap([1]),
        ("party", 3): BitMap([0]),
    }
    return Base(Segment(events, sets), epoch, number)


def content_of(base: Base | None) -> object:
    if base is None:
        return None
    columns = tuple(column.tolist() for column in base.segment.events)
    sets = {value: list(held) for value, held in base.segment.sets.items()}
    return base.epoch, base.number, columns, sets


def test_kept_base_is_the_one_that_was_saved(tmp_path: Path) -> None:
    base = a_base()
    storage.save(base, tmp_path)
    assert content_of(storage.load(tmp_path, "first")) == content_of(base)
    storage.save(a_base(number=8), tmp_path)
    assert content_of(storage.load(tmp_path, "first")) == content_of(a_base(number=8))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.index"]


def test_base_of_another_era_is_not_found(tmp_path: Path) -> None:
    assert storage.load(tmp_path / "nowhere", "first") is None
    path = storage.save(a_base(), tmp_path)
    assert storage.load(tmp_path, "second") is None
    path.rename(tmp_path / "second.index")
    assert storage.load(tmp_path, "second") is None


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "text"])
def test_damaged_file_is_reported_and_deleted(
    tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = storage.save(a_base(), tmp_path)
    content = path.read_bytes()
    at = content.index(BitMap([0, 2]).serialize()) + 2
    path.write_bytes(
        {
            "cut": content[: len(content) // 2],
            "flipped": content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
            "empty": b"",
            "text": b"not an index",
        }[harm]
    )
    assert storage.load(tmp_path, "first") is None
    assert not path.exists()
    assert "made anew" in caplog.text


def test_file_of_another_format_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.save(a_base(), tmp_path)
    monkeypatch.setattr(storage, "FORMAT", storage.FORMAT + 1)
    assert storage.load(tmp_path, "first") is None


def test_few_files_of_other_eras_are_left(tmp_path: Path) -> None:
    for number in range(9):
        storage.save(a_base(epoch=f"epoch-{number}"), tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    assert storage.load(tmp_path, "epoch-8") is not None
