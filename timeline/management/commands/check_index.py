"""Compare the answers of the index with those of plain SQL on the live database."""

from argparse import ArgumentParser
from itertools import islice
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.clock import today
from timeline.index.checking import SampleValues, Unsettled, differing, questions
from timeline.index.current import current


class Command(BaseCommand):
    """Ask the index and plain SQL the same random questions."""

    help = (
        "Asks the index and plain SQL the same questions, drawn at random from what is on record; "
        "exits 1 when any is answered in two ways. The site may go on serving."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--questions", type=int, default=200, help="how many (200)")
        parser.add_argument("--seed", type=int, default=1, help="draws the same ones again (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the questions with different answers, and the differences."""
        day, index, offered = today(), current(), SampleValues.read()
        random_questions = questions(Random(options["seed"]), offered)  # noqa: S311 — no secret
        wrong = 0
        for question in islice(random_questions, options["questions"]):
            try:
                difference = differing(index, question, today=day)
            except Unsettled as unsettled:
                raise CommandError(
                    "The record changes without a pause; run this again when it is calmer."
                ) from unsettled
            if difference:
                wrong += 1
                name = question.query_string() or "no filter"
                self.stdout.write(f"differs: {name}: {difference}")
        if wrong:
            raise CommandError(f"{wrong} of {options['questions']} questions answered in two ways.")
        self.stdout.write(f"{options['questions']} questions have one answer.")
