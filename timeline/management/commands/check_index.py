"""Compare the index's answers with plain SQL's on the live database."""

from argparse import ArgumentParser
from itertools import islice
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from timeline.clock import today
from timeline.core.question import Question
from timeline.index.checking import SampleValues, Unsettled, differing, questions
from timeline.index.current import current


class Command(BaseCommand):
    """Ask questions drawn from what is on record, each in both ways."""

    help = (
        "Asks the index and plain SQL the same questions, drawn at random from what is on record; "
        "exits 1 when any is answered in two ways. The site may go on serving."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many questions, and the seed that they are drawn with."""
        parser.add_argument("--questions", type=int, default=200, help="how many (200)")
        parser.add_argument("--seed", type=int, default=1, help="draws the same ones again (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which questions differ and in what."""
        day, index, offered = today(), current(), SampleValues.read()
        drawn = questions(Random(options["seed"]), offered)  # noqa: S311 — questions, no secret
        wrong = 0
        for question in islice(drawn, options["questions"]):
            try:
                told = differing(index, question, today=day)
            except Unsettled as unsettled:
                raise CommandError(
                    "The record changes without a pause; run this again when it is calmer."
                ) from unsettled
            if told:
                wrong += 1
                self.stdout.write(f"differs: {_said(question)}: {told}")
        if wrong:
            raise CommandError(f"{wrong} of {options['questions']} questions answered in two ways.")
        self.stdout.write(f"{options['questions']} questions have one answer.")


def _said(question: Question) -> str:
    return question.query_string() or "no filter"
