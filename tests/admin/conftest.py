"""What every test of the editors' pages needs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client


@pytest.fixture
def editor(db: None) -> "User":
    from tests.admin.desks import an_editor

    return an_editor("editor")


@pytest.fixture
def colleague(db: None) -> "User":
    from tests.admin.desks import an_editor

    return an_editor("colleague")


@pytest.fixture
def editor_client(editor: "User") -> "Client":
    """The editor's browser."""
    from tests.admin.desks import as_user

    return as_user(editor)


@pytest.fixture
def other_desk(colleague: "User") -> "Client":
    """Another editor's browser."""
    from tests.admin.desks import as_user

    return as_user(colleague)


@pytest.fixture
def transactional_savepoint(db: None) -> Callable[[], AbstractContextManager[None]]:
    """A part of a test after which the database is as it was before."""
    from django.db import transaction

    @contextmanager
    def undone() -> Iterator[None]:
        mark = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(mark)

    return undone
