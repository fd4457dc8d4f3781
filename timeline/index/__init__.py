"""Indexes that answer a question with counts and keys, behind one small interface."""
