"""What is kept ready-made for pages: cards, options, and the parts that no question changes."""
