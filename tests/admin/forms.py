"""What a browser would send for a form of the admin, and what a page says."""

from typing import Any

import lxml.html
from django.test import Client

Typed = dict[str, list[str]]


def tree(response: Any) -> Any:
    """The page as a tree."""
    return lxml.html.fromstring(response.content.decode())


def typed(response: Any, model: str) -> Typed:
    """Every value that the form of a model holds, as it would be sent."""
    form = next(one for one in tree(response).forms if one.get("id") == f"{model}_form")
    sent: Typed = {}
    for field in form.inputs:
        unsent = field.get("type") in ("submit", "button", "file")
        unticked = field.get("type") in ("checkbox", "radio") and not field.checked
        if not field.name or unsent or unticked:
            continue
        value = field.value if field.get("type") != "checkbox" else field.get("value", "on")
        # A browser leaves the line break out that the admin writes after <textarea>.
        text = (value or "").removeprefix("\n") if field.tag == "textarea" else value or ""
        sent.setdefault(field.name, []).append(text)
    return sent


def opened(client: Client, address: str, model: str) -> Typed:
    """Open a form and take what it holds."""
    response = client.get(address)
    assert response.status_code == 200
    return typed(response, model)


def with_row(form: Typed, prefix: str, **values: object) -> int:
    """Type into a row more, or into the first empty one; return its number."""
    total = int(form[f"{prefix}-TOTAL_FORMS"][0])
    number = int(form[f"{prefix}-INITIAL_FORMS"][0])
    first = next(iter(values))
    while number < total and form.get(f"{prefix}-{number}-{first}", [""])[0]:
        number += 1
    form[f"{prefix}-TOTAL_FORMS"] = [str(max(total, number + 1))]
    for name, value in values.items():
        form[f"{prefix}-{number}-{name}"] = [str(getattr(value, "pk", value))]
    return number


def fill(form: Typed, **values: object) -> Typed:
    """Type into the form's own fields."""
    for name, value in values.items():
        rows = value if isinstance(value, list) else [value]
        form[name] = [str(getattr(one, "pk", one)) for one in rows]
    return form


def errors(response: Any) -> list[str]:
    """The sentences of refusal on a page, in order."""
    found = tree(response).xpath("//ul[contains(@class,'errorlist')]/li")
    return ["".join(item.itertext()).strip() for item in found]


def messages(response: Any) -> list[str]:
    """The messages on a page."""
    found = tree(response).xpath("//ul[contains(@class,'messagelist')]/li")
    return ["".join(item.itertext()).strip() for item in found]


def pressed(client: Client, address: str, form: Typed, button: str) -> Any:
    """Press a button and, where what is published is in doubt, publish it all the same."""
    response = client.post(address, {**form, button: "1"}, follow=True)
    return all_the_same(client, address, response)


def all_the_same(client: Client, address: str, response: Any) -> Any:
    """Confirm on the page that asks before publishing; any other page is given back."""
    found = tree(response).xpath("//form[.//*[@name='_published_so']]")
    if not found:
        return response
    sent: Typed = {"_published_so": found[0].xpath(".//*[@name='_published_so']/@value")}
    for field in found[0].xpath(".//input[@type='hidden']"):
        sent.setdefault(field.get("name"), []).append(field.get("value"))
    return client.post(address, {**sent, "_published_so": sent["_published_so"][:1]}, follow=True)
