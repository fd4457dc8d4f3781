"""The page on which editors sign in.

Long forms are refused, and guesses are limited, before a password is hashed.
"""

import datetime as dt
import math
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import UsernameField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from timeline.middleware.clients import body_longer_than, network_of
from timeline.models import Limit, Tally, TooMany

LONGEST: Final = 16_384
"""The most bytes that a form may have; the longest name and password take less."""
OF_ACCOUNT: Final = Limit("account", 5, dt.timedelta(minutes=15))
"""Attempts at one account from one network, so that nobody can lock an editor out elsewhere."""
OF_NETWORK: Final = Limit("network", 50, dt.timedelta(minutes=15))
"""Attempts at any accounts from one network."""


class SignInForm(AdminAuthenticationForm):
    """The admin's form; raises :class:`~timeline.models.TooMany` after too many attempts."""

    username = UsernameField(max_length=150, widget=forms.TextInput(attrs={"autofocus": True}))
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Count the attempt, then check the password; a right one is not counted as a guess."""
        name = self.cleaned_data.get("username")
        if self.request is None or not name or not self.cleaned_data.get("password"):
            return super().clean()
        network, now = network_of(self.request), timezone.now()
        account = name.casefold()
        Tally.objects.take(OF_NETWORK, network, now=now)
        Tally.objects.take(OF_ACCOUNT, account, network, now=now)
        cleaned = super().clean()
        Tally.objects.forget(OF_ACCOUNT, account, network)
        Tally.objects.give_back(OF_NETWORK, network)
        return cleaned


@never_cache
@csrf_exempt  # checked below, once it is known that the body is short enough to be read
def sign_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Sign in; answer 413 to a long form, which is not read, and 429 after too many attempts."""
    if body_longer_than(request, LONGEST):
        return render(request, "413.html", status=413)
    try:
        return _protected(request, *args, **kwargs)
    except TooMany as error:
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
        return response


@csrf_protect
def _protected(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return admin.site.login(request, *args, **kwargs)


admin.site.login_form = SignInForm
