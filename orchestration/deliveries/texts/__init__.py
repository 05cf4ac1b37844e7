"""The fixed texts of every code, by what they are about: files, rows, remarks, the system."""
