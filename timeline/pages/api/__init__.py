"""The read-only API under ``/api/v1/``: every noun as JSON, by the questions that pages ask."""
