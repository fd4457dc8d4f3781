"""Measurements of the running site: `make bench`."""
