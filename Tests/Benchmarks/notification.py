"""The area `notification`: the message queue as a process with the settings services get (see README.md)."""
import submitting


def build(_):
    submitting.build()


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    figures = []
    found = {"submit": submitting.measure(figures)}
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures
