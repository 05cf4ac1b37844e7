"""What the councils of a pool are together: their figures taken in, and pages of them side by side.

Councils are added up and compared by the numbers that they give; nothing here knows a child. What
may be public of it goes by the rules of the room `disclosure`. Pure.
"""
