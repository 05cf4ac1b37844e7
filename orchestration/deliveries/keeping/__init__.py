"""How long files and rows are kept, and how people are taken out of them for good."""
