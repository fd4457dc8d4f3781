"""Forms of the admin as a browser would send them, and the messages of a page."""

from typing import Any

import lxml.html
from django.test import Client

Typed = dict[str, list[str]]


def tree(response: Any) -> Any:
    """Return the parsed page."""
    return lxml.html.fromstring(response.content.decode())


def typed(response: Any, model: str) -> Typed:
    """Return every value of the form of a model, as a browser would send it."""
    form = next(form for form in tree(response).forms if form.get("id") == f"{model}_form")
    sent: Typed = {}
    for field in form.inputs:
        is_unsent = field.get("type") in ("submit", "button", "file")
        is_unticked = field.get("type") in ("checkbox", "radio") and not field.checked
        if not field.name or is_unsent or is_unticked:
            continue
        value = field.value if field.get("type") != "checkbox" else field.get("value", "on")
        # A browser leaves out the line break that Django writes after <textarea>.
        text = (value or "").removeprefix("\n") if field.tag == "textarea" else value or ""
        sent.setdefault(field.name, []).append(text)
    return sent


def opened(client: Client, address: str, model: str) -> Typed:
    """Open a form and return its values."""
    response = client.get(address)
    assert response.status_code == 200
    return typed(response, model)


def with_row(form: Typed, prefix: str, **values: object) -> int:
    """Fill in the first empty row, or add one; return its number."""
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
    """Fill in the fields of the form itself."""
    for name, value in values.items():
        rows = value if isinstance(value, list) else [value]
        form[name] = [str(getattr(row, "pk", row)) for row in rows]
    return form


def errors(response: Any, field: str = "") -> list[str]:
    """Return the error messages of the form on a page, or of the line of a field, in order."""
    line = f"//div[contains(@class,'field-{field}')]" if field else ""
    items = tree(response).xpath(f"{line}//ul[contains(@class,'errorlist')]/li")
    return ["".join(item.itertext()).strip() for item in items]


def messages(response: Any) -> list[str]:
    """Return the messages on a page."""
    items = tree(response).xpath("//ul[contains(@class,'messagelist')]/li")
    return ["".join(item.itertext()).strip() for item in items]


def pressed(client: Client, address: str, form: Typed, button: str) -> Any:
    """Press a button and, if there are doubts about publishing, confirm them."""
    response = client.post(address, {**form, button: "1"}, follow=True)
    return all_the_same(client, address, response)


def all_the_same(client: Client, address: str, response: Any) -> Any:
    """Confirm on the page that asks before publishing; return any other page as it is."""
    forms = tree(response).xpath("//form[.//*[@name='_published_so']]")
    if not forms:
        return response
    sent: Typed = {"_published_so": forms[0].xpath(".//*[@name='_published_so']/@value")}
    for field in forms[0].xpath(".//input[@type='hidden']"):
        sent.setdefault(field.get("name"), []).append(field.get("value"))
    return client.post(address, {**sent, "_published_so": sent["_published_so"][:1]}, follow=True)
