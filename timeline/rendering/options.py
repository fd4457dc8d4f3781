"""Groups of options as markup: each option one mould, filled with its name and its count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from timeline.formats.facets import Facet, Option
from timeline.rendering.moulds import Mould, counted, escaped, few, language, once, poured, slot


@dataclass(frozen=True, slots=True)
class Group:
    """A group of options, ready-made."""

    parameter: str
    name: str
    html: SafeString


def groups(facets: Iterable[Facet], address: str, opened: Sequence[str]) -> list[Group]:
    """The groups of a page at an address, which opens and closes long ones by a link of each."""
    reader = language()
    return [
        Group(facet.parameter, facet.name, _group(facet, address, opened, reader))
        for facet in facets
    ]


def hidden(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """What a form carries along unseen."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


def one(group: Group, carried: SafeString) -> str:
    """One group alone, for a swap in place, with what the form carries along from now on."""
    return render_to_string("timeline/_opened.html", {"facet": group, "carried": carried})


def _group(facet: Facet, address: str, opened: Sequence[str], reader: str) -> SafeString:
    options = SafeString("\n".join([_option(facet, option, reader) for option in facet.options]))
    if not facet.options:
        return _nothing(reader)
    if not (facet.more or facet.opened):
        return options
    others = [one for one in opened if one != facet.parameter]
    wanted = others if facet.opened else [*others, facet.parameter]
    form = _long(reader, facet.parameter, facet.name, facet.opened, few(facet.more))
    link = escape(with_opened(address, wanted))
    return form.fill(options=options, more=facet.more, address=link)


def with_opened(address: str, opened: Sequence[str]) -> str:
    """An address that also says which groups stand open whole."""
    if not opened:
        return address
    sign = "&" if "?" in address else "?"
    return f"{address}{sign}{urlencode([('options', one) for one in opened])}"


def _option(facet: Facet, option: Option, reader: str) -> SafeString:
    value, label, number, chosen, family, child, indirect, own = option
    parameter = own or facet.parameter
    form = _form(reader, parameter, value, label, family, child, chosen, bool(indirect))
    return form.fill(count=number, indirect=indirect)


@once(most=8)
def _nothing(_language: str) -> SafeString:
    return poured("timeline/_no_options.html").fill()


@once(most=128)
def _long(_language: str, parameter: str, name: str, opened: bool, more: int) -> Mould:
    return poured(
        "timeline/_options.html",
        "options",
        "address",
        parameter=parameter,
        name=name,
        opened=opened,
        more=counted("more", more),
    )


@once(most=4096)
def _form(
    reader: str,
    parameter: str,
    value: str,
    label: str,
    family: str,
    child: bool,
    chosen: bool,
    indirect: bool,
) -> Mould:
    """An option but for its counts."""
    form = _any_form(reader, parameter, family, child, chosen, indirect)
    return form.partly(value=escaped(value), label=escaped(label))


@once(most=512)
def _any_form(
    _language: str, parameter: str, family: str, child: bool, chosen: bool, indirect: bool
) -> Mould:
    return poured(
        "timeline/_option.html",
        *("value", "label", "count"),
        parameter=parameter,
        family=family,
        child=child,
        chosen=chosen,
        indirect=slot("indirect") if indirect else "",
    )
