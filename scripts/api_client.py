"""Work that is claimed, answered and counted, by a client that a stock generator made: see scripts/api.sh.

  api_client.py BASE TOKEN-FILE-OF-THE-HELPER TOKEN-FILE-OF-THE-COUNTY-SCHOOL     with the package `generated` on the path
"""

import datetime
import pathlib
import sys
import uuid

from generated.api.entry import entries_id, post_entries, post_entries_id_answer
from generated.api.figure import figures_id
from generated.api.pairing import pairings
from generated.client import AuthenticatedClient
from generated.models.post_entries_body import PostEntriesBody
from generated.models.post_entries_id_answer_body import PostEntriesIdAnswerBody
from generated.models.post_entries_id_answer_body_verdict import PostEntriesIdAnswerBodyVerdict as Verdict

# Confirmed trainings move this indicator.
INDICATOR, PERSONS = "trained-teachers", 3


def client(base: str, file: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=base, token=pathlib.Path(file).read_text().strip())


def good(answer, status=200):
    """What was answered, where it is what was wanted."""
    if answer.status_code != status:
        sys.exit(f"api_client: {answer.status_code.value}: {answer.content.decode()[:400]}")
    return answer.parsed


def main(base: str, helpers: str, schools: str) -> None:
    helper, school = client(base, helpers), client(base, schools)
    # The one pairing of the school, in which the helper leads.
    pairing = good(pairings.sync_detailed(client=school)).items[0]
    before = good(figures_id.sync_detailed(INDICATOR, client=helper))

    body = PostEntriesBody(
        activity="teacher-training",
        pairing=pairing.id,
        from_day=datetime.date.today(),
        to_day=datetime.date.today(),
        quantity=PERSONS,
    )
    key = str(uuid.uuid4())
    made = good(post_entries.sync_detailed(client=helper, body=body, idempotency_key=key), 201)
    again = good(post_entries.sync_detailed(client=helper, body=body, idempotency_key=key), 201)
    assert made.id == again.id, "the same key made two entries"

    seen = entries_id.sync_detailed(made.id, client=school)
    assert good(seen).state == "claimed", seen.parsed
    confirm = PostEntriesIdAnswerBody(verdict=Verdict.CONFIRM)
    own = post_entries_id_answer.sync_detailed(
        made.id, client=helper, body=confirm, idempotency_key=str(uuid.uuid4()), if_match=str(made.version)
    )
    assert own.status_code == 403 or own.status_code == 409, f"one's own claim was answered: {own.status_code}"
    answered = post_entries_id_answer.sync_detailed(
        made.id, client=school, body=confirm, idempotency_key=str(uuid.uuid4()), if_match=seen.headers["etag"]
    )
    assert good(answered).state == "confirmed", answered.parsed

    after = good(figures_id.sync_detailed(INDICATOR, client=helper))
    moved = (after.claimed - before.claimed, after.confirmed - before.confirmed)
    assert moved == (PERSONS, PERSONS), f"the figure moved by {moved}"
    print(f"a generated client claimed an entry, the other side confirmed it: {before.confirmed} became {after.confirmed}")


main(*sys.argv[1:])
