"""The warehouse between deliveries and files: whose turn it is, which build is whole, what was
published of it before, and what holds a build back. Pure.
"""
