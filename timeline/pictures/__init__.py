"""The pictures of a question's results: each in a package with its data, layout and words."""
