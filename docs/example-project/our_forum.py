"""Our forum's two ends of the bus: a topic becomes a fact, and a message request becomes a notification."""

from typing import Any


def fact_of(hook: dict[str, Any]) -> dict[str, Any]:
    """The CloudEvent for one of our webhooks, as we publish it."""
    topic = hook["topic"]
    return {
        "specversion": "1.0",
        "id": f"post-{topic['id']}",
        "source": "/platforms/our-forum",
        "type": "post.created",
        "time": topic["created"],
        "data": {
            "community": "soles",
            "member": topic["author"],
            "post": f"p{topic['id']}",
            "thread": f"p{topic.get('parent', topic['id'])}",
            "channel": topic["board"],
            "kind": "answer" if "parent" in topic else "question",
            "title": topic.get("title"),
            "body": topic["text"],
        },
    }


def notification_of(message: dict[str, Any]) -> dict[str, Any] | None:
    """What we show for a message request; None for what nobody may see."""
    if message["muted"]:
        return None
    to = message["to"]
    return {
        "where": f"#{to['id']}" if to["kind"] == "channel" else f"@{to['id']}",
        "title": message["title"],
        "text": message["short"],
        "buttons": [action["label"] for action in message["actions"]],
    }
