"""Answers to the frozen question behind one small interface; see :mod:`timeline.index.interface`."""
