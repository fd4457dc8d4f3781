"""The parts of the command `serve` that can be tested without serving."""

import socket

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from timeline.management.commands import serve


def test_serve_refuses_a_public_site(settings: Settings) -> None:
    settings.SERVE_LOOPBACK = False
    with pytest.raises(
        CommandError, match=r"^This serves loopback, without https; use 'make serve'"
    ):
        call_command("serve")


def test_serve_refuses_a_port_in_use_with_another_to_try() -> None:
    with socket.socket() as listener:
        listener.bind((serve.LOOPBACK, 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(
            CommandError, match=rf"^Port {port} cannot be used .* PORT=\d+ make serve"
        ):
            serve.refuse_taken_port(port)
    serve.refuse_taken_port(port)


def test_welcome_names_the_address_and_the_command() -> None:
    text = serve.welcome(8123)
    assert "http://127.0.0.1:8123/" in text
    assert "loopback" in text
    assert ".venv/bin/python manage.py make_editor NAME" in text
