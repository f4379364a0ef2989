"""The area `notification`: the message queue as a process with the settings services get (see README.md)."""
import queueing
import submitting


def build(rows):
    wanted = {row["run"]["what"] for row in rows}
    if wanted - {"submit"}:
        queueing.build()
    if "submit" in wanted:
        submitting.build()


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    wanted, figures = {row["run"]["what"] for row in rows}, []
    found = queueing.measure(wanted - {"submit"}, figures) if wanted - {"submit"} else {}
    if "submit" in wanted:
        found["submit"] = submitting.measure(figures)
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures
