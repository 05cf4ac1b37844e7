"""Where deliveries come from: the drop folder, a database, published returns; and what the source
says about them.
"""
