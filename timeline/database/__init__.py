"""Constraints, triggers and indexes of the database itself, and the state of the database."""
