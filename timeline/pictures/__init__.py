"""Pictures of what a question finds: each feature in a folder with data, layout and words."""
