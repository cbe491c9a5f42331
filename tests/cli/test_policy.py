"""`pii-scan policy draft`, `diff` and `validate`, as people run them."""

from __future__ import annotations

import json

from tests.commands import run

POLICY = """Privacy policy of Example

We collect your name and your email address.

We share your email address with Mailchimp for our newsletter.

We keep your email address for two years.

Our servers are located in Ireland.
"""


def test_a_draft_is_a_declared_list_that_validates_and_one_character_breaks_it(tmp_path):
    (tmp_path / "policy.txt").write_text(POLICY)
    done = run(tmp_path, "policy", "draft", "policy.txt", "-o", "sharing.yaml")
    assert done.returncode == 0, done.stderr
    assert "4 claims drafted" in done.stderr
    assert (tmp_path / "sharing.yaml").read_text().startswith("# DRAFT")
    again = run(tmp_path, "policy", "draft", "policy.txt", "-o", "sharing.yaml")
    assert again.returncode == 2
    assert "may be a reviewed list" in again.stderr
    shown = run(tmp_path, "policy", "validate", "--text", "policy.txt")
    assert shown.returncode == 0, shown.stdout
    assert "4 of 4 claims stand in the text where they say" in shown.stdout
    assert "4 claims are drafts" in shown.stdout
    (tmp_path / "policy.txt").write_text(POLICY.replace("two years", "ten years"))
    broken = run(tmp_path, "policy", "validate", "--text", "policy.txt")
    assert broken.returncode == 1
    assert "the text has: We keep your email address for ten years" in broken.stdout
    assert "the claims are for another text" in broken.stdout


def test_a_diff_names_what_is_new_gone_and_changed(tmp_path):
    (tmp_path / "old.txt").write_text(POLICY)
    new = POLICY.replace("Mailchimp", "Brevo").replace("two years", "one year").replace("Ireland", "Canada")
    (tmp_path / "new.txt").write_text(new.replace("your name and", "your phone number and"))
    assert run(tmp_path, "policy", "draft", "old.txt", "-o", "old.yaml").returncode == 0
    for old in ("old.txt", "old.yaml"):
        done = run(tmp_path, "policy", "diff", old, "new.txt", "-f", "json")
        assert done.returncode == 0, done.stderr
        changes = {(c["aspect"], c["change"], c["name"]) for c in json.loads(done.stdout)["changes"]}
        assert changes == {
            ("recipient", "gone", "mailchimp"),
            ("recipient", "new", "brevo"),
            ("category", "gone", "user.name"),
            ("category", "new", "user.contact.phone_number"),
            ("period", "changed", "user.contact.email"),
            ("place", "changed", "user"),
        }
    table = run(tmp_path, "policy", "diff", "old.txt", "new.txt").stdout
    assert "731d" in table
    assert "366d" in table
    assert "no difference" in run(tmp_path, "policy", "diff", "old.txt", "old.yaml").stdout


def test_what_is_no_policy_is_told(tmp_path):
    (tmp_path / "note.txt").write_text("The cat and the dog are in the garden, and it is the end of the day.")
    done = run(tmp_path, "policy", "draft", "note.txt")
    assert done.returncode == 2
    assert "no statement that can be checked was found" in done.stderr
