"""What somebody does with Mastodon.py, as it is published; prints what it got as JSON.

Run by tests/mastodon/test_programs.py with the address of a node and a token.
"""

import json
import sys
from pathlib import Path

from mastodon import Mastodon


def main(url: str, token: str, picture: str) -> dict[str, object]:
    """Start, read, write and end, as a bot would."""
    client_id, secret = Mastodon.create_app(
        "tea bot", scopes=["read", "write", "follow", "push"], api_base_url=url
    )
    api = Mastodon(client_id=client_id, client_secret=secret, access_token=token, api_base_url=url)
    me = api.account_verify_credentials()
    posted = api.status_post("@bo hello from a bot", visibility="direct")
    file = api.media_post(picture, description="a cup", synchronous=True)
    answered = api.status_post("and a cup", in_reply_to_id=posted, media_ids=[file])
    changed = api.status_update(answered, "and a large cup", media_ids=[file])
    api.status_favourite(posted)
    context = api.status_context(posted)
    conversations = api.conversations()
    api.conversations_read(conversations[0])
    seen = api.notifications()
    api.markers_set(["notifications"], [seen[0].id])
    found = api.search_v2("bo", result_type="accounts")
    bo = found.accounts[0]
    relation = api.account_mute(bo)
    api.account_unmute(bo)
    report = api.report(bo, comment="too much tea")
    keys = api.push_subscription_generate_keys()[1]
    push = api.push_subscription_set("https://push.test/bot", keys, mention_events=True)
    api.push_subscription_update(follow_events=True)
    api.push_subscription_delete()
    requests = api.notifications_requests() if hasattr(api, "notifications_requests") else []
    mark = api.markers_get(["notifications"])
    return {
        "me": me.acct,
        "instance": api.instance_v2().domain,
        "is_recent": api.verify_minimum_version("4.0.0"),
        "posted": [posted.visibility, posted.content],
        "answered_in": answered.in_reply_to_id == posted.id,
        "media": [one.description for one in changed.media_attachments],
        "changed": changed.content,
        "line": [one.id for one in context.descendants] == [answered.id],
        "conversations": [one.last_status.content for one in conversations],
        "notifications": [[one.type, one.account.acct] for one in seen],
        "marked": mark["notifications"].last_read_id == str(seen[0].id),
        "reacted": [one.acct for one in api.status_favourited_by(posted)],
        "muting": relation.muting,
        "report": report.comment,
        "push": push.alerts.mention,
        "requests": len(requests),
        "home": api.timeline_home(),
        "deleted": api.status_delete(answered).id == answered.id,
        "is_healthy": api.stream_healthy(),
    }


if __name__ == "__main__":
    sys.stdout.write(
        json.dumps(main(sys.argv[1], Path(sys.argv[2]).read_text().strip(), sys.argv[3]))
    )
