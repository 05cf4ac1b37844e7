"""The cases behind a figure, for officers who may see who they are.

What is here reads names that nothing else of the house may print; it lists and logs, no more. Pure.
"""
