"""Tags and filters that let the admin's Django templates use sentences of the public pages."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from timeline import jinja2
from timeline.core.dates import EdtfDate
from timeline.models import Merge
from timeline.queries.frameworks import FrameworkView

register = template.Library()
register.filter("label", jinja2.label)
register.filter("date_text", jinja2.date_text)


@register.simple_tag
def turn_words(view: FrameworkView) -> SafeString:
    """Say whose turn it is to host and when."""
    return jinja2.rendered("parts/turn_words.html", {"view": view})


@register.simple_tag
def ago(date: EdtfDate, age: int) -> SafeString:
    """Say how many days ago a date is; empty where the date is too vague for that."""
    return jinja2.rendered("parts/ago.html", {"date": date, "age": age})


@register.filter
def merge_words(entry: Any) -> str:
    """Say of an entry of a history by which merge of two records it was made, or undone."""
    verb, _colon, number = (entry.history_change_reason or "").partition(":")
    merge = Merge.objects.defer("rows").filter(pk=number).first() if number.isdecimal() else None
    if merge is None or verb not in ("merge", "unmerge"):
        return ""
    own = (entry.instance_type._meta.model_name, entry.id)
    names = {"kept": merge.kept_name, "other": merge.other_name, "address": merge.address}
    if verb == "unmerge":
        return gettext("merge of “%(other)s” (%(address)s) with “%(kept)s” undone") % names
    if own == (merge.kind, merge.kept):
        return gettext("merged with “%(other)s” (%(address)s)") % names
    if own == (merge.kind, merge.other):
        return gettext("merged with “%(kept)s”, which stays") % names
    return gettext("when “%(other)s” (%(address)s) was merged with “%(kept)s”") % names
