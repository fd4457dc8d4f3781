"""The public pages: parse, ask, answer."""
