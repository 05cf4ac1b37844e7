"""The warehouse between deliveries and files: whose turn it is, which build is whole, what was
published of it before, what holds a build back, and what is said while one runs or fails. Pure.
"""
