"""The ledger: its filters, its counts, its two clocks, with and without htmx."""

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions.citations import Evidence
from timeline.actions.commitments import record_update
from timeline.core.codes import CommitmentStatus
from timeline.models import (
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Correction,
    Event,
    Party,
    Sector,
)

pytestmark = pytest.mark.usefixtures("demo")


def ledger(client: Client, query: str = "", language: str = "en", **headers: str) -> Page:
    return Page(client.get(f"/{language}/commitments/{query}", headers=headers or None))


def titles(page: Page) -> list[str]:
    return page.texts("//ol[@class='ledger']/li//h3")


def total(page: Page) -> int:
    return int(page.text("//*[@id='found']").split()[0])


def titles_of_all_pages(client: Client) -> list[str]:
    page = ledger(client)
    found = titles(page)
    while address := page.root.xpath("string(//a[@rel='next']/@href)"):
        page = Page(client.get(address))
        found += titles(page)
    return found


def test_ledger_lists_each_promise_once_as_its_latest_wording(client: Client) -> None:
    restated = Commitment.objects.exclude(restates=None)
    found = titles_of_all_pages(client)
    assert total(ledger(client)) == len(found)
    assert len(found) == Commitment.objects.published().undertakings().count() - restated.count()
    later = restated.first()
    assert later is not None
    assert later.restates is not None
    assert later.title_en in found
    assert later.restates.title_en not in found


def test_ledger_is_sorted_by_a_link_that_keeps_the_filters(client: Client) -> None:
    page = ledger(client, "?obligor=ru")
    links = {
        link.text_content(): link.get("href")
        for link in page.root.xpath("//p[@class='sorts small']/a")
    }
    assert links == {
        "date": "/en/commitments/?obligor=ru",
        "due date": "/en/commitments/?obligor=ru&sort=due",
        "last evidence": "/en/commitments/?obligor=ru&sort=evidence",
        "state": "/en/commitments/?obligor=ru&sort=state",
    }
    rows = {row.title_en: row for row in Commitment.objects.published()}
    by_due = ledger(client, "?obligor=ru&sort=due")
    dues = [rows[title].due for title in titles(by_due)]
    days = [due.latest for due in dues if due]
    assert len(days) > 2
    assert days == sorted(days)
    assert None not in dues[: len(days)]
    assert set(titles(by_due)) == set(titles(page))
    assert by_due.text("//p[@class='sorts small']/a[@aria-current]") == "due date"
    assert by_due.root.xpath("//*[@id='carried']/input[@name='sort']/@value") == ["due"]


def test_unreadable_sort_is_refused_and_named(client: Client) -> None:
    response = client.get("/en/commitments/?sort=count&party=ml")
    assert response.status_code == 400
    assert "Sorting count is not a value" in Page(response).text("//*[@id='problems']")


@pytest.mark.usefixtures("searched_today")
def test_row_tells_who_owes_whom_where_since_when_and_both_clocks(client: Client) -> None:
    page = ledger(client, "?overdue=1&obligor=ru&direct=1")
    (row,) = page.texts("//ol[@class='ledger']/li[contains(., 'permanent')]")
    assert "Russia ↔ and AES each towards the others" in row
    assert "made at: Working session" in row
    assert "3 Apr 2025" in row
    assert "In progress ⚑ overdue" in row
    assert "due" in row
    seen = page.texts("//li[contains(., 'permanent')]/div[contains(@class, 'seen')]")
    assert seen == ["last evidence24 Sep 2025425 days ago ⚑ quiet"]


@pytest.mark.usefixtures("searched_today")
@pytest.mark.parametrize(
    ("date", "sentence"),
    [
        ("2025", "last evidence2025at least 327 days ago ⚑ quiet"),
        ("2025~", "last evidenceabout 2025 ⚑ quiet"),
        ("2026", "last evidence2026"),
    ],
)
def test_age_of_vague_evidence_is_worded_no_more_precisely_than_it_is_known(
    client: Client, date: str, sentence: str
) -> None:
    promise = Commitment.objects.get(slug="ru-aes-permanent-framework")
    last = promise.updates.order_by("latest", "entry").last()
    assert last is not None
    record_update(
        commitment=promise,
        date=date,
        status=CommitmentStatus(last.status),
        corrects=last,
    )
    page = ledger(client, "?obligor=ru&direct=1")
    seen = page.texts("//li[contains(., 'permanent')]/div[contains(@class, 'seen')]")
    assert [" ".join(text.split()) for text in seen] == [sentence]


@pytest.mark.parametrize(
    ("group", "query"),
    [
        ("status", ""),
        ("sector", ""),
        ("obligor", ""),
        ("beneficiary", "?direct=1"),
        ("party", "?status=agreed"),
        ("framework", ""),
        ("kind", "?obligor=aes"),
        ("state", ""),
        ("source_kind", "?obligor=aes"),
        ("status", "?asof=2025-09-30&sector=security-defence"),
        ("party", "?party=ru"),
    ],
)
def test_each_option_counts_what_it_finds(client: Client, group: str, query: str) -> None:
    counts = ledger(client, query).counts(group)
    assert counts
    for value, count in counts.items():
        narrowed = f"{query}{'&' if query else '?'}{group}={value}"
        assert total(ledger(client, narrowed)) == count


@pytest.mark.parametrize("clock", ["overdue", "quiet"])
def test_each_clock_counts_what_it_finds(client: Client, clock: str) -> None:
    page = ledger(client)
    xpath = f"string(//input[@id='{clock}-1']/following-sibling::b)"
    count = int(page.root.xpath(xpath))
    assert count > 0
    assert total(ledger(client, f"?{clock}=1")) == count


def test_state_through_a_bloc_is_left_out_when_filtered_directly(client: Client) -> None:
    through = ledger(client, "?obligor=ml")
    direct = ledger(client, "?obligor=ml&direct=1")
    assert total(through) > total(direct) > 0
    assert "A permanent consultation framework with alternating meetings" in titles(through)
    assert "A permanent consultation framework with alternating meetings" not in titles(direct)


def test_words_are_found_without_accents_in_either_language(client: Client) -> None:
    shown = titles(ledger(client, "?q=nucleaire"))
    assert shown == titles(ledger(client, "?q=NUCLÉAIRE"))
    assert len(shown) >= 1
    assert titles(ledger(client, "?q=zzzz")) == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?sector=counter-terrorism",
        "?sector=energy&sector=trade",
        "?sector=security-defence&status=agreed&status=in_progress",
        "?status=announced",
        "?status=fulfilled&direct=1",
        "?party=ml&sector=security-defence",
        "?party=ml&party=ru&party_match=any",
        "?obligor=ru&sector=energy",
        "?overdue=1&sector=institutions",
        "?quiet=1",
        "?from=2025&to=2025&sector=trade",
        "?asof=2025-09-30&sector=counter-terrorism",
        "?q=cooperation&sector=energy",
    ],
)
def test_pictures_bars_and_cells_lead_to_what_they_count(client: Client, query: str) -> None:
    page = ledger(client, query)
    counted: dict[str, set[str]] = {}
    for bar in page.root.xpath("//ul[@class='bars']/li"):
        counted.setdefault(bar.xpath("string(a/@href)"), set()).add(bar.xpath("string(b)"))
    for row in page.root.xpath("//details[@class='picture']//tbody/tr"):
        cells = row.xpath("td[@class='count']/a")
        whole = row.xpath("string(td[last()])")
        assert sum(int(cell.text) for cell in cells) == int(whole)
        counted.setdefault(row.xpath("string(th/a/@href)"), set()).add(whole)
        for cell in cells:
            counted.setdefault(cell.get("href"), set()).add(cell.text)
    assert len(counted) > 1
    for address, counts in counted.items():
        assert {str(total(Page(client.get(address))))} == counts, address


def test_picture_says_that_it_counts_other_sectors_than_those_chosen(client: Client) -> None:
    sentence = "Each bar counts what is found with its sector as the only one chosen"
    heads = "//details[@class='picture']//thead//th"
    assert sentence not in ledger(client).text("//details[@class='picture']")
    chosen = ledger(client, "?sector=counter-terrorism")
    assert sentence in chosen.text("//details[@class='picture']")
    assert chosen.texts("//ul[@class='legend']/li") == ledger(client).texts(
        "//ul[@class='legend']/li"
    )
    assert chosen.texts(heads) == ledger(client).texts(heads)


def test_filters_are_shown_and_removable(client: Client) -> None:
    page = ledger(client, "?status=agreed&obligor=ru&overdue=1&asof=2026-06-30", language="en")
    assert page.text("//p[@class='sentence']") == (
        "Commitments that stand at Agreed, owed by Russia, past their due date, as of 30 June 2026."
    )
    chips = page.root.xpath("//a[@class='chip']")
    assert len(chips) == 4
    assert {chip.get("href") for chip in chips} == {
        "/en/commitments/?obligor=ru&overdue=1&asof=2026-06-30",
        "/en/commitments/?status=agreed&overdue=1&asof=2026-06-30",
        "/en/commitments/?status=agreed&obligor=ru&asof=2026-06-30",
        "/en/commitments/?status=agreed&obligor=ru&overdue=1",
    }


def test_filters_without_a_box_of_their_own_are_carried_along(client: Client) -> None:
    page = ledger(
        client, "?kind=summit&state=held&place=bamako&person=sergey-lavrov&direct=1&status=agreed"
    )
    hidden = page.root.xpath("//div[@id='carried']/input")
    for box in ("kind-summit", "state-held"):
        assert page.root.xpath(f"boolean(//input[@id='{box}'][@checked])")
    assert {(field.get("name"), field.get("value")) for field in hidden} == {
        ("place", "bamako"),
        ("person", "sergey-lavrov"),
        ("direct", "1"),
    }


@pytest.mark.parametrize(
    ("query", "some"),
    [
        ("?kind=consultation", True),
        ("?person=sergey-lavrov", True),
        ("?place=moscow", True),
        ("?place=rabat", False),
        ("?from=2025-04&to=2025-04&certain=1", True),
        ("?from=1990&to=1991", False),
        ("?state=cancelled", False),
    ],
)
def test_filters_of_the_timeline_are_those_of_the_event_it_was_made_at(
    client: Client, query: str, some: bool
) -> None:
    assert (total(ledger(client, query)) > 0) is some


def test_unreadable_filter_keeps_the_form_and_says_what_is_accepted(client: Client) -> None:
    page = ledger(client, "?asof=soon&status=agreed&q=energie&from=2025")
    assert page.status == 400
    assert page.root.xpath("string(//input[@id='asof']/@value)") == "soon"
    assert page.root.xpath("string(//input[@id='q']/@value)") == "energie"
    assert page.root.xpath("string(//input[@id='from']/@value)") == "2025"
    assert page.root.xpath("boolean(//input[@id='status-agreed'][@checked])")
    assert page.texts("//*[@id='problems']//li") == [
        "As of a day soon is not a day of the calendar; write one such as 2025-12-31."
    ]
    assert titles(page) == []


def test_swap_brings_the_same_results_and_the_counts_beside_them(client: Client) -> None:
    query = "?status=agreed&quiet=1"
    whole = ledger(client, query)
    part = ledger(client, query, **{"HX-Request": "true"})
    assert titles(part) == titles(whole) != []
    assert part.texts("//h1") == []
    assert part.counts("obligor") == whole.counts("obligor")
    assert part.text("//*[@id='announcement']") == f"{total(whole)} commitments found"


def test_swap_pushes_the_address_of_its_question(client: Client) -> None:
    answer = client.get(
        "/en/commitments/?status=agreed&q=&from=&unknown=1", headers={"HX-Request": "true"}
    )
    assert answer["HX-Push-Url"] == "/en/commitments/?status=agreed"
    assert "HX-Request" in answer["Vary"]


def test_nothing_found_says_so(client: Client) -> None:
    page = ledger(client, "?status=broken&sector=trade")
    assert page.status == 200
    assert "No commitment on record answers all of these filters." in page.text(
        "//div[@class='nothing']"
    )


def many_promises(count: int) -> None:
    event = make.an_event(date="2026-01-15", publication="published")
    party, sector = Party.objects.get(code="ru"), Sector.objects.get(slug="trade")
    for number in range(count):
        commitment = make.a_commitment(event, publication="published", title_en=f"Promise {number}")
        CommitmentParty.objects.create(commitment=commitment, party=party, role="obligor")
        CommitmentSector.objects.create(commitment=commitment, sector=sector)


def test_pages_of_the_ledger_give_each_commitment_once(client: Client) -> None:
    many_promises(70)
    page = ledger(client)
    whole = total(page)
    seen, stands = titles(page), page.texts("//p[@class='stand']/span")
    while address := page.root.xpath("string(//a[@rel='next']/@href)"):
        page = Page(client.get(address))
        assert total(page) == whole
        seen += titles(page)
        stands += page.texts("//p[@class='stand']/span")
    assert len(seen) == whole > 100
    assert stands[:2] == [f"1–50 of {whole}", f"51–100 of {whole}"]


def test_groups_that_stand_open_stay_open_on_the_next_page(client: Client) -> None:
    many_promises(60)
    page = ledger(client, "?options=party&options=obligor")
    following = page.root.xpath("string(//a[@rel='next']/@href)")
    assert following.endswith("&options=obligor&options=party")
    back = Page(client.get(following)).root.xpath("//p[@class='stand']//a/@href")
    assert "/en/commitments/?options=obligor&options=party" in back


def test_ledger_has_a_constant_number_of_queries(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(40) as few:
        ledger(client)
    many_promises(3)
    with django_assert_max_num_queries(40) as more:
        ledger(client)
    assert len(more) == len(few)


def test_score_is_given_with_how_many_could_not_be_scored(client: Client) -> None:
    assert ledger(client, "?status=fulfilled&status=announced").text("//p[@class='score']") == (
        "Score: +1.00 on a scale from −1 to +1, from 9 commitments that can be scored; "
        "17 cannot be. How it is counted"
    )


def test_score_of_fewer_than_five_is_too_few(client: Client) -> None:
    page = ledger(client, "?status=partly_fulfilled")
    assert 0 < total(page) < 5
    assert page.text("//p[@class='score']").startswith("Score: too few commitments scored (3); ")


def test_party_is_scored_on_what_it_undertook_itself(client: Client) -> None:
    page = Page(client.get("/fr/parties/ml/"))
    beside = page.text("//aside//p[@class='score']")
    address = page.root.xpath("string(//aside//a[contains(@href, 'obligor')]/@href)")
    assert address == "/fr/commitments/?obligor=ml&direct=1"
    assert Page(client.get(address)).text("//p[@class='score']") == beside


def test_sector_is_scored_with_its_parts(client: Client) -> None:
    page = Page(client.get("/en/sectors/security-defence/"))
    address = page.root.xpath("string(//a[contains(@href, '/commitments/?sector')]/@href)")
    assert Page(client.get(address)).text("//p[@class='score']") == page.text("//p[@class='score']")


def test_threads_wordings_stand_side_by_side_with_changes_marked(client: Client) -> None:
    page = Page(client.get("/en/commitments/ru-aes-support-restated/"))
    pair = page.root.xpath("//div[@class='wordings']/figure")
    assert len(pair) == 2
    assert page.texts("//div[@class='wordings']//blockquote[@lang='fr']/p[1]") == [
        "soutien indéfectible pour l’opérationnalisation de la Force unifiée de la Confédération "
        "AES",
        "continuer à apporter le soutien nécessaire à l’AES pour gagner la lutte contre le "
        "terrorisme",
    ]
    assert [text[:16] for text in page.texts("//blockquote/p[@lang='en']")] == [
        "Our translation:"
    ] * 2
    assert "opérationnalisation" in " ".join(page.texts("//div[@class='wordings']//del"))
    assert "terrorisme" in " ".join(page.texts("//div[@class='wordings']//ins"))
    assert "Struck out" in page.text("//section[@aria-labelledby='wordings']/p")
    assert "Widened" in page.text("//div[@class='wordings']/figure[2]/figcaption")
    earlier = Page(client.get("/en/commitments/ru-aes-unified-force-support/"))
    assert "Taken up again by:" in earlier.text("//article")
    assert "Takes up again:" in page.text("//article")


def test_words_that_are_not_on_record_are_never_replaced_by_a_title(client: Client) -> None:
    page = Page(client.get("/en/commitments/aes-ecowas-good-faith/"))
    first, second = page.root.xpath("//div[@class='wordings']/figure")
    assert first.xpath("string(p)") == "Its words are not on record; the title is the editors’."
    assert first.xpath("blockquote") == []
    assert second.xpath("string(blockquote)").startswith("à conduire les négociations")
    assert page.root.xpath("//div[@class='wordings']//ins") == []
    assert page.root.xpath("//section[@aria-labelledby='wordings']/p") == []


def test_words_that_a_source_is_quoted_for_stand_where_no_wording_is_recorded(
    client: Client,
) -> None:
    Commitment.objects.filter(slug="aes-ecowas-good-faith").update(wording_fr="", wording_en="")
    page = Page(client.get("/en/commitments/aes-ecowas-good-faith/"))
    assert page.texts("//div[@class='wordings']//blockquote[@lang='fr']") == [
        "à conduire les négociations à venir, de bonne foi et dans un esprit constructif"
    ]


def test_source_that_the_first_step_shares_with_its_promise_says_so_of_both(client: Client) -> None:
    page = Page(client.get("/en/commitments/ru-aes-unified-force-support/"))
    quoted = "la Partie russe a réitéré son soutien indéfectible"
    items = [text for text in page.texts("//ol[@class='sources']/li//li") if quoted in text]
    assert [item.partition(", confidence: high")[0] for item in items] == [
        "wording ↩, 3 April 2025, state ↩ · stated"
    ]


def test_corrected_step_stays_struck_through_and_uncounted(client: Client) -> None:
    commitment = Commitment.objects.get(slug="ru-aes-forums")
    wrong = record_update(commitment=commitment, date="2026-02-01", status=CommitmentStatus.BROKEN)
    record_update(
        commitment=commitment,
        date="2026-02-01",
        status=CommitmentStatus.IN_PROGRESS,
        corrects=wrong,
    )
    page = Page(client.get("/en/commitments/ru-aes-forums/"))
    assert page.text("//article/div[@class='meta']").startswith("In progress")
    assert "Broken" in page.text("//ol[@class='life']/li[@class='corrected']")
    assert "corrects the step of 1 February 2026 (Broken)" in page.text("//ol[@class='life']")
    assert "Broken" not in ledger(client).text("//ol[@class='ledger']")


def test_step_of_a_day_to_come_does_not_count_before_its_day(client: Client) -> None:
    commitment = Commitment.objects.get(slug="ru-aes-forums")
    address = "/en/commitments/ru-aes-forums/"
    before = Page(client.get(address)).text("//article")
    source = make.a_source()
    later = record_update(
        commitment=commitment,
        date="2099-03-01",
        status=CommitmentStatus.BROKEN,
        evidence=Evidence(source),
    )
    assert later.commitment == commitment
    assert Page(client.get(address)).text("//article") == before
    assert "Broken" not in ledger(client).text("//ol[@class='ledger']")
    assert total(ledger(client, f"?source={source.pk}")) == 0


@pytest.mark.parametrize("state", ["draft", "in_review", "withdrawn"])
def test_promise_of_an_event_that_readers_may_not_see_is_hidden_with_it(
    client: Client, state: str
) -> None:
    event = make.an_event(title_en="Hidden meeting", publication="published")
    commitment = make.a_commitment(event, slug="hidden", publication="published")
    party, source = make.a_state("jp"), make.a_source()
    CommitmentParty.objects.create(commitment=commitment, party=party, role="obligor")
    for cited in ({"commitment": commitment}, {"status_update": commitment.updates.get()}):
        Citation.objects.create(source=source, **cited)
    Correction.objects.create(
        commitment=commitment, made_on="2026-01-01", text_en="Said otherwise."
    )
    links = {"/en/commitments/hidden/", "/en/parties/jp/", f"/en/sources/{source.pk}/"}
    pages = ("commitments", "changes", "corrections", "parties", "sources")

    def linked() -> set[str]:
        hrefs = (Page(client.get(f"/en/{page}/")).root.xpath("//a/@href") for page in pages)
        return links & {link for page in hrefs for link in page}

    assert linked() == links
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    withdrawn = {"withdrawn_reason_en": "It was another one."} if state == "withdrawn" else {}
    Event.objects.filter(pk=event.pk).update(publication=state, **withdrawn)
    page = Page(client.get("/en/commitments/hidden/"))
    assert page.status == (410 if withdrawn else 404)
    assert ("It was another one." in page.text("//main")) is bool(withdrawn)
    assert "Hidden meeting" not in page.text("//body")
    assert linked() == set()
    assert [client.get(link).status_code for link in sorted(links)[1:]] == [404, 404]
