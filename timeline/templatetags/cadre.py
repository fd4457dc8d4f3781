"""Tags and filters that let the admin's Django templates use sentences of the public pages."""

from django import template
from django.utils.safestring import SafeString

from timeline import jinja2
from timeline.core.dates import EdtfDate
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
