"""Long campaigns against the running site: what a test of minutes cannot find."""
