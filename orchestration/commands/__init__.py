"""What people start by hand: `python -m orchestration.commands.…`, most of it by the Makefile.

A command reads the settings, calls one room, prints and gives an exit code; rules live in the
rooms.
"""
