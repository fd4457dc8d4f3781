"""Bulk writers need a value for each column."""

import pytest

from timeline.ingest import bulk


def test_column_without_a_value_is_refused() -> None:
    with pytest.raises(LookupError, match="each column needs one value, but not so position"):
        bulk.BulkWriter("side", ("id", "framework_id", "party_id"), {"member_order": "open"})
