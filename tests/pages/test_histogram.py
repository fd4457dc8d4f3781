"""The histogram above every view of the timeline, and the links between views."""

import pytest
from django.test import Client

from tests.parsed_page import Page

pytestmark = pytest.mark.usefixtures("demo")

BARS = "//figure[contains(@class,'strip')]//svg//a"


def get(client: Client, address: str) -> Page:
    return Page(client.get(address))


def bars(page: Page) -> dict[str, str]:
    """Return the address of each bar by its title."""
    return {bar.xpath("string(title)"): bar.get("href") for bar in page.root.xpath(BARS)}


def table(page: Page) -> list[list[str]]:
    rows = page.root.xpath("//figure[contains(@class,'strip')]//tbody/tr")
    return [[cell.text_content().strip() for cell in row] for row in rows]


@pytest.mark.parametrize("query", ["", "party=ml", "sector=energy&from=2025", "q=lavrov"])
def test_bars_count_all_that_is_found_in_any_period(client: Client, query: str) -> None:
    page = get(client, f"/en/?{query}")
    whole = get(client, f"/en/?{query.partition('&from')[0]}")
    counts = [int(row[1]) for row in table(page)]
    assert sum(counts) >= int(whole.text("//*[@id='found']").split()[0])
    numbers = [title.rpartition(": ")[2].split()[0] for title in bars(page)]
    assert numbers == [str(count) for count in counts]


@pytest.mark.parametrize(("period", "more"), [("", ""), ("&from=2022", "&certain=1")])
def test_each_bar_leads_to_as_many_events_as_it_says(
    client: Client, period: str, more: str
) -> None:
    page = get(client, f"/en/?party=ml{period}{more}")
    by_title = bars(page)
    assert f"/en/?party=ml&from=2025-04&to=2025-04{more}" in by_title.values()
    for title, address in by_title.items():
        page = get(client, address)
        assert page.text("//*[@id='found']") == title.rpartition(": ")[2]
        assert page.root.xpath("boolean(//*[contains(@class,'shade')])")
    caption = page.text("//figure[contains(@class,'strip')]/figcaption")
    assert caption.startswith("Events surely in" if more else "Events whose dates touch")


def test_second_bar_takes_all_from_the_first_and_the_same_one_takes_it_away(client: Client) -> None:
    chosen = bars(get(client, "/en/?party=ml&from=2025-04&to=2025-04"))
    later = next(address for title, address in chosen.items() if title.startswith("June 2025"))
    earlier = next(address for title, address in chosen.items() if title.startswith("July 2024"))
    assert later == "/en/?party=ml&from=2025-04&to=2025-06"
    assert earlier == "/en/?party=ml&from=2024-07&to=2025-04"
    assert chosen["April 2025: remove the period"] == "/en/?party=ml"
    for title, address in chosen.items():
        if address != "/en/?party=ml":
            assert get(client, address).text("//*[@id='found']") == title.rpartition(": ")[2]
    longer = bars(get(client, later))
    (own,) = (address for title, address in longer.items() if title.startswith("April 2025:"))
    assert own == "/en/?party=ml&from=2025-04&to=2025-04"


def test_single_day_has_a_bar_of_its_own(client: Client) -> None:
    by_title = bars(get(client, "/fr/?q=%22nouveau+format+de+coop%C3%A9ration%22"))
    assert by_title == {
        "3 avril 2025\u00a0: 1 événement": "/fr/?q=%22nouveau+format+de+coop%C3%A9ration%22"
        "&from=2025-04-03&to=2025-04-03"
    }


def test_parts_of_a_bar_add_up_to_it(client: Client) -> None:
    page = get(client, "/en/?stacked=1&options=sector")
    rows = table(page)
    assert all(int(row[1]) == sum(map(int, row[2:])) for row in rows)
    assert len(rows[0]) == 2 + 3 + 1
    first = page.texts("//figure[contains(@class,'strip')]//thead//th")[2]
    assert page.counts("sector")["institutions"] == max(page.counts("sector").values())
    assert first == "Institutions"
    of_sector = {row[0]: row[1] for row in table(get(client, "/en/?sector=institutions"))}
    assert {row[0]: row[2] for row in rows if row[0] in of_sector} == of_sector
    matrix = get(client, "/en/?view=matrix").root
    others = len(matrix.xpath("//figure[@class='shown matrix']//thead/tr/th")) - 3
    legend = page.texts("//figure[contains(@class,'strip')]/ul/li")
    assert legend[3] == f"{others} other sectors, or none"


def test_views_carry_the_question_and_filters_carry_the_view(client: Client) -> None:
    page = get(client, "/en/?party=ml&party=ru&view=lanes&lanes=sector&zoom=2&centre=2025-04-03")
    views = {link.text: link.get("href") for link in page.root.xpath("//nav[@class='views']/a")}
    look = "lanes=sector&zoom=2&centre=2025-04-03"
    assert views == {
        "List": f"/en/?party=ml&party=ru&{look}",
        "Lanes": f"/en/?party=ml&party=ru&view=lanes&{look}",
        "Matrix": f"/en/?party=ml&party=ru&view=matrix&{look}",
        "Map": f"/en/?party=ml&party=ru&view=map&{look}",
    }
    assert page.text("//nav[@class='views']/a[@aria-current]") == "Lanes"
    carried = page.root.xpath("//*[@id='carried']/input")
    assert [(field.get("name"), field.get("value")) for field in carried] == [
        ("view", "lanes"),
        ("lanes", "sector"),
        ("zoom", "2"),
        ("centre", "2025-04-03"),
    ]
    clear = page.root.xpath("//*[@class='chips']/a[last()]/@href")
    assert clear == [f"/en/?view=lanes&{look}"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("view=globe", "View"),
        ("lanes=kind", "Lanes"),
        ("zoom=-1", "no step of the zoom"),
        ("zoom=21", "no step of the zoom"),
        ("zoom=1&zoom=2", "is given twice"),
        ("centre=2025-02-30", "is not a day of the calendar"),
        ("sort=colour", "Sorting"),
    ],
)
def test_look_that_cannot_be_read_is_refused_and_the_question_stays(
    client: Client, query: str, sentence: str
) -> None:
    page = get(client, f"/en/?sector=energy&{query}")
    assert page.status == 400
    assert sentence in page.text("//*[@id='problems']")
    assert page.root.xpath("boolean(//*[@id='sector-energy']/@checked)")
