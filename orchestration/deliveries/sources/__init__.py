"""Where deliveries come from: the drop folder and the returns in it, a database, published figures;
and what the source says about them.
"""
