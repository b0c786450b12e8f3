"""Rows that hold no comment of a person."""

import polars as pl
import pytest

from sg_assets.ingest.drop_reasons import drop_reasons

REMOVED = [
    "[removed]", "[deleted]", "[ Removed by Reddit ]", "[deleted by user]", "[Removed by moderator]", "*[removed]*",
    "\\[removed\\]", "[message deleted]", "[comment removed]", "[This comment has been removed]", "[Deleted User]",
    "[ Removed by Reddit in response to a copyright notice. ]", "This message was deleted", "[removed].",
    "This comment has been removed by a moderator.", "Comment removed by moderator", "You deleted this message",
    "[unavailable]", "\uff3bdeleted\uff3d", "\u3010removed\u3011", "> [deleted]", "This post has been deleted.",
    "Comment deleted by user", "[content no longer available]", "The message has been deleted by the author",
    "This post was removed for violating our rules", "Sorry, this post was removed by Reddit's filters.",
    "Sorry, this post has been removed by the moderators of r/singapore.", "<removed>", "(deleted)", "{removed}",
    "Sorry, this post was deleted by the person who originally posted it.", "Comment deleted", "Post has been deleted",
    "Removed by reddit in response to a copyright notice.", "[deleted]\n\n[removed]", "<Media omitted>",
    "Deleted by the author", "image omitted", "Message deleted.", "\uff08deleted\uff09",
]  # fmt: skip
KEPT = [
    "removed", "deleted", "he [removed] it", "why removed?", "[removed] lol so strict", "comment removed my foot lah",
    "my post was deleted by mods again sia", "this shop has been removed from the list", "I deleted this message",
    "[edit] ok", "[deleted] said otherwise", "can someone tell me why the comment was removed", "[redacted]",
    "(removed) wah", "deleted by him lah", "image deleted lol", "media omitted facts",
]  # fmt: skip


def reasons(texts: list[str], authors: list[str | None] | None = None, **bots: list[str]) -> list[str | None]:
    names = pl.Series(authors or [None] * len(texts), dtype=pl.String)
    return drop_reasons(
        pl.Series(texts, dtype=pl.String), names, bots.get("bots", []), bots.get("phrases", [])
    ).to_list()


@pytest.mark.parametrize("text", REMOVED)
def test_what_stands_in_the_stead_of_a_comment_is_dropped(text: str) -> None:
    assert reasons([text]) == ["removed"]


@pytest.mark.parametrize("text", KEPT)
def test_what_people_say_of_removing_is_kept(text: str) -> None:
    assert reasons([text]) == [None]


@pytest.mark.parametrize(
    "author", ["AutoModerator", "automoderator", "u/AutoModerator", "/u/AutoModerator ", "@AutoModerator"]
)
@pytest.mark.parametrize("declared", ["AutoModerator", "u/automoderator"])
def test_what_a_declared_bot_writes_is_dropped(author: str, declared: str) -> None:
    assert reasons(["hello", "hello"], [author, "someone"], bots=[declared]) == ["bot", None]


def test_a_phrase_that_only_bots_write_is_known_in_any_case() -> None:
    texts = ["beep. *I am a BOT, and this action was automatic*", "I am a boy"]
    assert reasons(texts, phrases=["i am a bot, and this action"]) == ["bot", None]


def test_without_declared_bots_nothing_is_a_bot_s() -> None:
    assert reasons(["I am a bot"], ["AutoModerator"]) == [None]
