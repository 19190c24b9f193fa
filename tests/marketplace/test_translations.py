"""Every text is there in every language, and the marks for review survive an update."""

from marketplace import translations


def test_no_text_is_missing_or_uncompiled():
    assert translations.gaps() == []


def test_the_catalogues_are_in_step_with_code_and_templates():
    assert translations.is_in_step()


def test_kinyarwanda_that_waits_for_a_native_reader_is_listed():
    waiting = translations.to_review()
    assert waiting
    assert all(kinyarwanda for _english, kinyarwanda in waiting)


def test_a_missing_or_broken_translation_would_be_found(tmp_path, monkeypatch):
    folder = tmp_path / "rw" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Buy"\nmsgstr ""\n\nmsgid "Only %(left)s left"\nmsgstr "Hasigaye %(lef)s"\n'
    )
    monkeypatch.setattr(translations, "sources", lambda: [folder / "django.po"])
    assert [gap.problem for gap in translations.gaps()] == [
        "not translated",
        "its placeholders differ from the English",
    ]
