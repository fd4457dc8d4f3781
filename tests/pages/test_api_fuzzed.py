"""The API under drawn requests: it answers as its description says, and never with an error."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_demo")]

NOT_DESCRIBED: list[Any] = [negative_data_rejection, positive_data_acceptance]
"""Which values the record knows is not described, and unknown parameters are ignored."""

FEW = ("list_events", "list_people", "get_commitment")


@pytest.mark.parametrize("mode", [*GenerationMode])
@pytest.mark.parametrize(
    ("only", "examples"), [(FEW, 3), pytest.param((), 500, marks=pytest.mark.soak)]
)
def test_drawn_requests_are_answered_as_described(
    client: Client, only: tuple[str, ...], examples: int, mode: GenerationMode
) -> None:
    described = client.get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(described)
    schema.app = get_wsgi_application()
    # Without a parameter there is nothing to get wrong.
    every = [
        one["operationId"]
        for path in described["paths"].values()
        for one in path.values()
        if one.get("parameters") or mode == GenerationMode.POSITIVE
    ]
    tried = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        name = operation.definition.raw["operationId"]
        if name not in (only or every):
            continue

        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            derandomize=examples < 100,
            database=None,
            suppress_health_check=[*HealthCheck],
        )
        def check(case: schemathesis.Case[Any]) -> None:
            response = case.call(headers={"Host": "testserver", "Accept-Encoding": "identity"})
            case.validate_response(response, excluded_checks=NOT_DESCRIBED)

        check()
        tried.append(name)
    assert sorted(tried) == sorted(only or every)
