"""The rows of one file: what each cell means, which rules a row has to pass, where it is kept."""
