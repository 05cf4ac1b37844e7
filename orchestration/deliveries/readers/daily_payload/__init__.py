"""The daily payload of social care that councils send to the Department for Education, as JSON in
batches: what the batches say together, and what of it stands in which extract."""
