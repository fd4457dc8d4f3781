"""Pictures as plain functions: rows in, marks with positions out; templates draw them."""
