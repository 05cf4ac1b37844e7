"""The solver that says what a reader could work out, on the console of a command."""


def introduce_solver() -> None:
    """Make the first model of this process where nobody hears it.

    HiGHS (1.16) writes who made it to standard output with the first model, before any option of
    that model can be set; later ones are silent. `enableCallbacks` is the step that writes.
    """
    import highspy

    class Unheard(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("log_to_console", False)
            super().enableCallbacks()

    Unheard()
