"""The command that creates the account of an editor."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

PASSWORD = "unite-horizon-42-fleuve"


def make(monkeypatch: pytest.MonkeyPatch, *words: str, password: str = PASSWORD) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command("make_editor", *words, stdout=io.StringIO())


@pytest.mark.django_db
def test_editor_signs_in_and_belongs_to_the_editors(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    make(monkeypatch, "aminata", "--email", "aminata@example.org")
    user = User.objects.get(username="aminata")
    assert (user.is_staff, user.is_superuser, user.email) == (True, False, "aminata@example.org")
    assert [group.name for group in user.groups.all()] == ["Editors"]
    assert client.login(username="aminata", password=PASSWORD)
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_editor_may_manage_accounts_with_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    make(monkeypatch, "aminata", "--manage-accounts")
    assert User.objects.get().is_superuser is True


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "12345678901", "aminata1"])
def test_editor_with_a_poor_password_is_refused(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    with pytest.raises(CommandError):
        make(monkeypatch, "aminata", password=password)
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_editor_is_not_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    make(monkeypatch, "aminata")
    with pytest.raises(CommandError):
        make(monkeypatch, "aminata")
    assert User.objects.count() == 1
