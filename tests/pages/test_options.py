"""Long groups of options show the first twelve, and the rest on request."""

import pytest
from django.test import Client

from tests.parsed_page import Page

pytestmark = pytest.mark.usefixtures("demo")

GROUP = {"HX-Request": "true", "HX-Target": "options-party"}


def get(client: Client, address: str, **headers: str) -> Page:
    return Page(client.get(address, headers=headers))


def more(page: Page, parameter: str) -> list[str]:
    return page.texts(f"//*[@id='options-{parameter}']//a[@class='more']")


@pytest.mark.parametrize("address", ["/en/", "/en/commitments/"])
def test_long_group_holds_twelve_and_opens_by_a_link(client: Client, address: str) -> None:
    page = get(client, address)
    assert len(page.counts("sector")) == 12
    (link,) = page.root.xpath("//*[@id='options-sector']//a[@class='more']/@href")
    assert link == f"{address}?options=sector#options-sector"
    opened = get(client, link.partition("#")[0])
    rest = len(opened.counts("sector")) - 12
    assert more(page, "sector") == [f"{rest} more (Sector)"]
    assert more(opened, "sector") == ["Fewer (Sector)"]
    assert len(opened.root.xpath("//*[@id='options-sector']/input[@class='narrow']")) == 1
    assert len(opened.root.xpath("//details[@class='fold']//*[@id='options-sector']")) == 1
    carried = opened.root.xpath("//*[@id='carried']/input[@name='options']/@value")
    assert carried == ["sector"]


def test_chosen_option_is_shown_whatever_its_place(client: Client) -> None:
    last = list(get(client, "/en/?options=party").counts("party"))[-1]
    assert last not in get(client, "/en/").counts("party")
    assert last in get(client, f"/en/?party={last}&party_match=any").counts("party")


BURKINA = "//label[input/@value='bf']/@data-names"


@pytest.mark.parametrize(
    ("language", "upper_volta"),
    [("en", "Upper Volta until 1984"), ("fr", "Upper Volta jusqu’en 1984")],
)
def test_opened_group_of_parties_has_their_other_names(
    client: Client, language: str, upper_volta: str
) -> None:
    for group in ("options=party", "options=obligor&options=beneficiary"):
        address = "" if group == "options=party" else "commitments/"
        page = get(client, f"/{language}/{address}?{group}")
        found = page.root.xpath(BURKINA)
        assert found != []
        for names in found:
            own, *others = names.split("\n")
            assert (own, upper_volta in others, "Буркина-Фасо" in others) == (
                *("Burkina Faso", True, True),
            )


def test_slip_of_an_opened_group_is_no_name(client: Client) -> None:
    page = get(client, "/en/?options=party")
    (aes,) = page.root.xpath("//label[input/@value='aes']")
    slips = {"AHS", "AGC", "AGS"}
    assert {*aes.get("data-slips").split("\n")} == slips
    assert not slips & {*aes.get("data-names").split("\n")}
    assert "AHS" not in page.text("//body")


def test_group_that_is_not_opened_has_no_other_names(client: Client) -> None:
    page = get(client, "/en/?options=party")
    assert page.root.xpath("//*[@id='options-sector']//@data-names") == []
    page = get(client, "/en/?options=sector")
    assert page.root.xpath("//*[@id='options-party']//@data-names") == []
    energy = page.root.xpath("//label[input/@value='energy']/@data-names")
    assert energy == ["Énergie\nEnergy"]


def test_group_is_swapped_alone(client: Client) -> None:
    response = client.get("/en/?sector=energy&options=party", headers=GROUP)
    page = Page(response)
    assert page.counts("party") == get(client, "/en/?sector=energy&options=party").counts("party")
    assert page.root.xpath("//*[@id='results']") == []
    assert page.root.xpath("//*[@name='options']/@value") == ["party"]
    assert not response.has_header("HX-Push-Url")


def test_opened_group_is_no_part_of_the_question(client: Client) -> None:
    swap = client.get("/en/?options=party&sector=energy", headers={"HX-Request": "true"})
    assert swap["HX-Push-Url"] == "/en/?sector=energy&options=party"
    whole = get(client, "/en/?options=party")
    assert whole.root.xpath("//a[@rel='next'][contains(@href,'options')]") == []
    assert whole.root.xpath("//a[contains(@href,'.ics')][contains(@href,'options')]") == []
    assert whole.texts("//a[@class='chip']") == []
    assert whole.titles == get(client, "/en/").titles


@pytest.mark.parametrize("address", ["/en/", "/en/commitments/"])
def test_unknown_group_is_refused_by_name(client: Client, address: str) -> None:
    page = get(client, f"{address}?options=nope&from=soon")
    assert page.status == 400
    assert page.texts("//*[@id='problems']//li/strong") == ["Options in full", "From"]
    assert get(client, f"{address}?options=").status == 200
