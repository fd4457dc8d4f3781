"""The views of the public pages: read the question, load its result, render the response."""
