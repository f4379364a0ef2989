"""One store restored from an older backup: what it lost is told it anew by those that still know."""

from collections import Counter

import pytest

import people
from cluster import SERVICES
from stubs import pb
from test_backup import Anju
from test_kill import all_messages, all_permits
from walk import Clients, Walk

DONE = pb.intake.APPLICATION_STATE_COMPLETED
REASON = [("MATERIAL_UNCLEAR", "照片看不清")]


class World:
    """Some applications on their way, and what the four services say of them."""

    def __init__(self, cluster, rng, year_ago):
        self.clients = Clients(cluster)
        self.rng = rng
        self.year_ago = year_ago
        self.walks: dict[str, Walk] = {}

    def begin(self, name: str) -> Walk:
        walk = self.walks[name] = Walk(self.clients, people.make(self.rng), self.rng)
        walk.register(self.year_ago)
        walk.draft()
        walk.upload()
        assert walk.submit().submitted
        return walk

    def sign(self, walk: Walk, *opinions: tuple[int, int]) -> None:
        for stage, decision in opinions:
            walk.opinion(stage, decision, REASON if decision != pb.approval.DECISION_PASS else ())

    def before_the_backup(self) -> None:
        """One at its end, one received, one accepted."""
        done = self.begin("done")
        done.three_opinions()
        done.wait_for_text("permit_issued")
        self.begin("received")
        self.sign(self.begin("accepted"), (1, 1))

    def after_the_backup(self) -> None:
        """The old ones go on, and new ones come to every state that a case can come to."""
        self.sign(self.walks["received"], (1, 1), (2, 1), (3, 1))
        self.sign(self.walks["accepted"], (2, 1), (3, 1))
        self.begin("new: received")
        self.sign(self.begin("new: accepted"), (1, 1))
        self.begin("new: done").three_opinions()
        self.sign(self.begin("new: not accepted"), (1, 3))
        self.sign(self.begin("new: refused"), (1, 1), (2, 1), (3, 3))
        self.sign(self.begin("new: asked"), (1, 2))
        self.sign(self.begin("new: asked in review"), (1, 1), (2, 2))
        self.supplement(self.begin("new: supplemented"))

    def supplement(self, walk: Walk) -> None:
        self.sign(walk, (1, 2))
        walk.wait_for(pb.intake.APPLICATION_STATE_SUPPLEMENT_NEEDED)
        walk.upload([(pb.model.MATERIAL_KIND_PHOTO, 0)])
        request = pb.intake.SupplementApplicationRequest(
            idempotency_key=f"supplement-{self.rng.getrandbits(96):024x}",
            application_id=walk.application_id,
        )
        self.clients.call(self.clients.intake.SupplementApplication, request, walk.caller)

    def application(self, walk: Walk):
        request = pb.intake.GetApplicationRequest(application_id=walk.application_id)
        method = self.clients.intake.GetApplication
        return self.clients.call(method, request, self.clients.auditor).application

    def facts(self) -> dict:
        """What must be the same after a repair as before the loss."""
        permits = {
            permit.certificate_identifier: (
                permit.application_id, permit.case_id, permit.issued_on, permit.valid_to_on,
                permit.issued_at_ms, self.document(permit.certificate_identifier),
            )
            for permit in all_permits(self.clients)
        }
        applications = {}
        for name, walk in self.walks.items():
            found = self.application(walk)
            applications[name] = (
                found.state, found.receipt.application_number, found.form.SerializeToString(),
                found.acceptance.promise_due.due_on, found.completion.certificate_identifier,
                [(n.round, [r.code for r in n.reasons]) for n in found.notices],
                [reason.code for reason in found.refusal.reasons],
                sorted(material.sha256 for material in found.materials),
            )
        # A notice that was answered is not told again, and reminders take the place of others.
        replaced = pb.notification.MESSAGE_STATE_CANCELLED
        answered = (self.walks["new: supplemented"].application_id, "supplement_needed")
        texts = Counter(
            (m.reference, m.template_id, m.text) for m in all_messages(self.clients)
            if (m.reference, m.template_id) != answered and m.state != replaced
        )
        return {"permits": permits, "applications": applications, "texts": texts}

    def document(self, identifier: str) -> bytes:
        request = pb.registry.GetPermitRequest(certificate_identifier=identifier)
        method = self.clients.registry.GetPermit
        return self.clients.call(method, request, self.clients.auditor).permit.document

    def finish(self) -> None:
        """What was open goes on to its end."""
        self.sign(self.walks["new: received"], (1, 1), (2, 1), (3, 1))
        self.sign(self.walks["new: accepted"], (2, 1), (3, 1))
        self.sign(self.walks["new: supplemented"], (1, 1), (2, 1), (3, 1))


@pytest.mark.parametrize("name", SERVICES)
def test_reconcile_heals_a_store_that_was_restored(fresh_cluster, rng, year_ago, name):
    cluster, anju, world = fresh_cluster, Anju(fresh_cluster), World(fresh_cluster, rng, year_ago)
    world.before_the_backup()
    assert anju("reconcile").returncode == 0
    made = anju.backup(name)
    world.after_the_backup()
    assert anju("reconcile").returncode == 0
    before = world.facts()

    cluster.kill(name)
    restored = anju.restore(made["manifest"])
    assert restored.returncode == 0, restored.stderr
    cluster.restart(name)
    cluster.wait_ready(name)
    assert anju("reconcile", "--settle", "2").returncode == 1
    healed = anju("reconcile", "--repair", "--settle", "5")
    assert healed.returncode == 0, healed.stdout + healed.stderr
    assert world.facts() == before
    assert anju("parked").stdout == ""

    world.finish()
    after = anju("reconcile")
    assert after.returncode == 0, after.stdout + after.stderr
    world.clients.close()
