"""Shanghai's two kinds from their draft to their legal effect, online and at the counter: a second region
is the files of `Services/Policy` and the setting `policy.region`, and nothing else."""

import pytest

import people
from cluster import Cluster
from conftest import stopping
from kinds import KIND, PASS, KindWalk, day
from papers import look_at
from stubs import pb
from walk import Clients, identity, key

STATION, BUREAU = "310101500000", "310101000000"
RESIDENCE = dict(division_code="310101", street="南京东路街道", detail="示例路1号301室")
STAGES = pb.approval
LEASE = pb.model.EVIDENCE_KIND_LEASE_FILING
FIRST_PERMIT = KIND.APPLICATION_KIND_FIRST_PERMIT
REGISTRATION = KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION


class ShanghaiWalk(KindWalk):
    """A walk whose forms are Shanghai's: a dwelling of one's own choice is shown by its lease."""

    def form(self, kind: int, **fields):
        form = pb.model.ApplicationForm(
            applicant=identity(self.person),
            residence=pb.model.Address(**RESIDENCE),
            phone=self.person.phone,
        )
        form.claims.add(condition=pb.model.CONDITION_DWELLING, evidence=[LEASE])
        form.MergeFrom(pb.model.ApplicationForm(**fields))
        return form

    @staticmethod
    def materials(kind: int):
        found = [(pb.model.MATERIAL_KIND_ID_CARD, 0), (pb.model.MATERIAL_KIND_EVIDENCE, LEASE)]
        return found + ([(pb.model.MATERIAL_KIND_PHOTO, 0)] if kind == FIRST_PERMIT else [])

    def register(self, declared_on: str) -> None:
        request = pb.registry.RecordRegistrationRequest(
            idempotency_key=key(self.rng, "registration"),
            person=identity(self.person),
            address=pb.model.Address(**RESIDENCE),
            declared_on=declared_on,
            office_code=STATION,
        )
        self.clients.call(self.clients.registry.RecordRegistration, request, self.clients.integrator)

    def sign(self, stage: int, role: str, office: str, number: int):
        return self.opinion(stage, PASS, officer=self.clients.officer(role, office, number))

    def after_acceptance(self):
        """The counter hands on, the station reviews, the bureau approves; then the card is made and
        its holder told. The last case."""
        self.sign(STAGES.STAGE_FORWARD, "accept", STATION, 1)
        self.sign(STAGES.STAGE_REVIEW, "review", STATION, 2)
        self.sign(STAGES.STAGE_APPROVE, "approve", BUREAU, 3)
        # In force on approval (上海市居住证办理一件事): the card comes after.
        self.completed()
        assert self.live_permit().division_code == "310101"
        self.sign(STAGES.STAGE_MAKE, "accept", STATION, 1)
        return self.sign(STAGES.STAGE_NOTIFY, "accept", STATION, 1)


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    """The four executables, of the other region."""
    cluster = Cluster(tmp_path_factory.mktemp("shanghai"), {"POLICY_REGION": "shanghai"})
    with stopping(cluster):
        cluster.start_all()
        clients = Clients(cluster)
        yield clients
        clients.close()


@pytest.fixture
def walk(clients, rng):
    return ShanghaiWalk(clients, people.make(rng), rng)


def test_a_registration_online_and_the_permit_half_a_year_later(walk):
    walk.begin(REGISTRATION).submitted()
    # One working day, online.
    case = walk.case(walk.clients.officer("confirm", STATION, 4))
    assert case.clocks.promise_due.due_on == case.clocks.stage_due.due_on
    walk.sign(STAGES.STAGE_CONFIRM, "confirm", STATION, 4)
    walk.completed()
    (registration,) = walk.registrations()
    assert (registration.declared_on, registration.address.division_code) == (day(0), "310101")
    # Too early for a permit, and told so.
    walk.begin(FIRST_PERMIT)
    failed = {f.rule for f in walk.submit().findings if not f.passed}
    assert failed == {"HALF_YEAR_NOT_REACHED"}


def test_a_first_permit_online(walk, year_ago):
    walk.register(year_ago)
    walk.begin(FIRST_PERMIT).submitted()
    look_at(walk, "shanghai", "《上海市居住证》申领表", "南京东路街道")
    walk.sign(STAGES.STAGE_ACCEPT, "accept", STATION, 1)
    case = walk.after_acceptance()
    assert case.state == STAGES.CASE_STATE_COMPLETED
    assert case.policy_version == "shanghai-1"
    assert [opinion.stage for opinion in case.opinions] == [
        STAGES.STAGE_ACCEPT,
        STAGES.STAGE_FORWARD,
        STAGES.STAGE_REVIEW,
        STAGES.STAGE_APPROVE,
        STAGES.STAGE_MAKE,
        STAGES.STAGE_NOTIFY,
    ]
    walk.wait_for_text("permit_issued")


def test_both_at_the_counter(walk, year_ago):
    walk.caller = walk.clients.officer("confirm", STATION, 4)
    walk.begin(REGISTRATION, pb.model.CHANNEL_WINDOW).submitted().completed()
    assert [r.declared_on for r in walk.registrations()] == [day(0)]

    other = ShanghaiWalk(walk.clients, people.make(walk.rng), walk.rng)
    other.register(year_ago)
    other.caller = other.clients.officer("accept", STATION, 1)
    other.begin(FIRST_PERMIT, pb.model.CHANNEL_WINDOW)
    assert other.submit().acceptance.promise_due.due_on
    assert other.after_acceptance().state == STAGES.CASE_STATE_COMPLETED
