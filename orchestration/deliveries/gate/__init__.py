"""Whether a file can be read at all: its name, size, encoding, header and form, before any row."""
