"""What the database itself keeps, and what is to be known of its state."""
