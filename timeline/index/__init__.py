"""Answers to the frozen question behind one small interface."""
