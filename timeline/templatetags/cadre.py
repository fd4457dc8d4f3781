"""Words of the public pages for the templates of the admin, which Django's engine renders."""

from django import template
from django.utils.safestring import SafeString

from timeline import jinja2
from timeline.core.dates import EdtfDate
from timeline.queries.frameworks import FrameworkView

register = template.Library()
for _tag in (jinja2.script, jinja2.when, jinja2.swap):
    register.simple_tag(_tag)
for _filter in (
    *(jinja2.label, jinja2.said, jinja2.since, jinja2.day_said, jinja2.grouped),
    *(jinja2.heading_said, jinja2.weekday, jinja2.marked),
):
    register.filter(_filter.__name__, _filter)


@register.simple_tag
def turn_words(view: FrameworkView) -> SafeString:
    """Whose turn it is to host and when, in sentences."""
    return jinja2.rendered("parts/turn_words.html", {"view": view})


@register.simple_tag
def ago(date: EdtfDate, age: int) -> SafeString:
    """How many days ago a date is; empty where the date is too vague to say so."""
    return jinja2.rendered("parts/ago.html", {"date": date, "age": age})


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, language: str) -> str:
    """The whole address of this page in another language of the interface."""
    return str(context["in_languages"][language])
