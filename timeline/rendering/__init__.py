"""What pages show of an answer: cards, pictures, and what stands around a list."""
