"""Create the account of an editor."""

import getpass
import sys
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from timeline.actions.groups import EDITORS


class Command(BaseCommand):
    help = "Makes an editor's account; asks for its password, or reads it from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--email", default="", help="a mail address, if any")
        parser.add_argument(
            "--manage-accounts",
            action="store_true",
            help="may also make and change other people's accounts (a superuser)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User(
            username=options["name"],
            email=options["email"],
            is_staff=True,
            is_superuser=options["manage_accounts"],
        )
        try:
            user.full_clean(exclude=["password"])
            password = read_password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        with transaction.atomic():
            user.save()
            user.groups.add(Group.objects.get(name=EDITORS))
        self.stdout.write(f"{user.username} may now sign in at /admin/.")


def read_password() -> str:
    """Read the password twice from a terminal, or else once from a line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Password again: ") != password:
        raise CommandError("The two passwords differ; no account was made.")
    return password
