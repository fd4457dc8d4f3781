"""A synthetic corpus to measure with: `manage.py make_events N --seed S`."""
