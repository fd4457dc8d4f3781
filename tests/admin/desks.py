"""Editors, who are in the group Editors and no superusers, and their browsers."""

from django.contrib.auth.models import Group, User
from django.test import Client

from timeline.actions.groups import EDITORS


def an_editor(name: str) -> User:
    """An account of the group Editors."""
    user = User.objects.create_user(name, password="a long word", is_staff=True)
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def as_user(user: User) -> Client:
    """A browser of a signed-in user, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client
