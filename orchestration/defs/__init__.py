"""What Dagster shows, one module per stage; decorators, wiring and metadata, no rules."""
