"""Which rows have each kind of fact."""

import pytest

from tests import factories as make
from timeline.models import Party
from timeline.queries.facts import KINDS

pytestmark = pytest.mark.django_db


def test_arrangements_are_facts_of_the_rows_that_have_them() -> None:
    """Claims, the other kinds, are named one by one where they have no source."""
    made = make.all_that_is_citable()
    undated = Party.objects.get(code="till").names.create(name="Caisse", language="fr")
    rows = {(kind.target, kind.field): list(kind.rows()) for kind in KINDS if not kind.required}
    assert rows == {
        ("event", "sectors"): [made["event"]],
        ("event", "follows"): [made["event"]],
        ("commitment", "restates"): [made["commitment"]],
        ("party", "successions"): [made["party"]],
        ("party", "part_of"): [made["party"]],
        ("party_name", "name"): [undated],
    }
