"""Extracts of the contract in another wrapping: sheets of a workbook, packed CSV files. They are
the extracts themselves, so that every indicator can be had from them.
"""
