"""Guesses and floods are limited by counts in the database, and long bodies are not read."""

import datetime as dt
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from tests.admin.desks import an_editor
from timeline.middleware.clients import client_address, network_of
from timeline.models import ErrorReport, Limit, Tally, TooMany

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
REPORT = "/en/report/"


def guess(name: str, word: str = "wrong", address: str = "192.0.2.1") -> Any:
    typed = {"username": name, "password": word}
    return Client().post(LOGIN, typed, REMOTE_ADDR=address)


def test_guessing_is_slowed_for_an_account_from_where_it_comes() -> None:
    an_editor("editor")
    assert [guess("editor").status_code for _ in range(7)] == [200] * 5 + [429] * 2
    locked = guess("editor", "a long word")
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert guess("Editor", "a long word").status_code == 429
    # Other networks are not locked out.
    assert guess("editor", "a long word", "192.0.2.2").status_code == 302


def test_lock_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    an_editor("editor")
    for _ in range(6):
        guess("editor")
    later = timezone.now() + dt.timedelta(minutes=16)
    monkeypatch.setattr("timeline.admin.sign_in.timezone.now", lambda: later)
    assert guess("editor", "a long word").status_code == 302


def test_many_accounts_from_one_network_are_slowed_too() -> None:
    answers = [guess(f"user-{number}").status_code for number in range(52)]
    assert answers == [200] * 50 + [429] * 2
    assert guess("user-1", address="192.0.2.9").status_code == 200


def test_signing_in_well_is_no_guess() -> None:
    an_editor("editor")
    for _ in range(60):
        assert guess("editor", "a long word").status_code == 302
    for _ in range(4):
        guess("editor")
    assert guess("editor", "a long word").status_code == 302
    assert [guess("editor").status_code for _ in range(6)] == [200] * 5 + [429]


def test_guess_that_is_refused_hashes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    an_editor("editor")
    for _ in range(5):
        guess("editor")
    hashed: list[str] = []
    monkeypatch.setattr(
        get_user_model(), "check_password", lambda *_a: hashed.append("x"), raising=True
    )
    monkeypatch.setattr(get_user_model(), "set_password", lambda *_a: hashed.append("x"))
    guess("editor")
    guess("editor", "x" * 1001, "192.0.2.7")
    guess("x" * 151, "x", "192.0.2.7")
    assert hashed == []
    guess("editor", "x", "192.0.2.7")
    guess("nobody", "x", "192.0.2.7")
    assert hashed == ["x", "x"]


def test_long_sign_in_is_not_read_nor_echoed() -> None:
    response = guess("x" * 1_000_000)
    assert response.status_code == 413
    assert len(response.content) < 20_000


def test_sign_in_still_requires_the_csrf_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN, {"username": "x", "password": "y"}).status_code == 403
    page = strict.get(LOGIN)
    token = page.context["csrf_token"]
    typed = {"username": "x", "password": "y", "csrfmiddlewaretoken": str(token)}
    assert strict.post(LOGIN, typed).status_code == 200


# Reports


def report(message: str = "Wrong.", address: str = "192.0.2.1", **more: str) -> Any:
    return Client().post(REPORT, {"message": message, **more}, REMOTE_ADDR=address)


def test_reports_of_a_network_are_bounded() -> None:
    answers = [report() for _ in range(12)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 2
    assert ErrorReport.objects.count() == 10
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert "Too many reports came lately" in answers[-1].content.decode()
    assert "Wrong." in answers[-1].content.decode()
    assert report(address="192.0.2.2").status_code == 302


def test_reports_of_all_networks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timeline.forms.report.OF_ALL", Limit("all", 3, dt.timedelta(days=1)))
    answers = [report(address=f"192.0.2.{number}").status_code for number in range(5)]
    assert answers == [302] * 3 + [429] * 2
    assert ErrorReport.objects.count() == 3


def test_report_that_is_refused_for_its_text_is_not_counted() -> None:
    for _ in range(20):
        assert report("").status_code == 400
    assert report().status_code == 302


def test_long_report_is_not_read_nor_echoed() -> None:
    response = report("x" * 2_600_000)
    assert response.status_code == 413
    assert len(response.content) < 20_000
    assert ErrorReport.objects.count() == 0


def test_text_of_a_report_is_bounded_in_characters() -> None:
    assert report("𝔸" * 5000).status_code == 302
    refused = report("x" * 5001)
    assert refused.status_code == 400
    assert "at most 5000 characters" in refused.content.decode()


# Who it is


@pytest.mark.parametrize(
    ("behind", "forwarded", "network"),
    [
        (False, "203.0.113.9", "192.0.2.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "203.0.113.9, x", "192.0.2.1"),
        (True, "", "192.0.2.1"),
        (True, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (True, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_network_is_that_of_the_client_behind_the_proxy(
    settings: Settings, behind: bool, forwarded: str, network: str
) -> None:
    settings.BEHIND_PROXY = behind
    seen: list[str] = []
    answer: Any = lambda request: seen.append(network_of(request))  # noqa: E731
    request = RequestFactory(headers={"X-Forwarded-For": forwarded}).get("/")
    request.META["REMOTE_ADDR"] = "192.0.2.1"
    client_address(answer)(request)
    assert seen == [network]


# Counting


def test_what_is_past_is_pruned_and_tells_nobody_who_it_was() -> None:
    limit, now = Limit("test", 1, dt.timedelta(minutes=1)), timezone.now()
    for who in ("anna", "bea"):
        Tally.objects.take(limit, who, now=now)
    assert not Tally.objects.filter(key__contains="anna").exists()
    assert Tally.objects.count() == 2
    with pytest.raises(TooMany) as refused:
        Tally.objects.take(limit, "anna", now=now + dt.timedelta(seconds=10))
    assert refused.value.wait == dt.timedelta(seconds=50)
    Tally.objects.take(limit, "cleo", now=now + dt.timedelta(minutes=1))
    assert Tally.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_all_count() -> None:
    limit, now = Limit("test", 3, dt.timedelta(minutes=1)), timezone.now()
    start, accepted, failed = Barrier(8), [], []

    def take() -> None:
        start.wait()
        try:
            Tally.objects.take(limit, "anna", now=now)
            accepted.append(1)
        except TooMany:
            failed.append(1)
        finally:
            connection.close()

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(accepted), len(failed)) == (3, 5)
