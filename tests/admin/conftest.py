"""Editors and their browsers, for the tests of the admin."""

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
def colleague_client(colleague: "User") -> "Client":
    """Another editor's browser."""
    from tests.admin.desks import as_user

    return as_user(colleague)


@pytest.fixture
def transactional_savepoint(db: None) -> Callable[[], AbstractContextManager[None]]:
    """A block whose changes of the database are rolled back."""
    from django.db import transaction

    @contextmanager
    def rolled_back() -> Iterator[None]:
        savepoint = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(savepoint)

    return rolled_back
