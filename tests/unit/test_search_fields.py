"""What is indexed of an article: weighted terms and filter values."""

from kb.models import AppliesTo, Fix, Section, Signature
from kb.text.fields import FIELD_WEIGHTS, analyse, facet_values, filter_values, product_versions
from tests.samples import article, sections


def field(analysed_fields: tuple[tuple[str, ...], ...], name: str) -> tuple[str, ...]:
    return analysed_fields[list(FIELD_WEIGHTS).index(name)]


def test_each_section_goes_to_its_field() -> None:
    found = analyse(article(sections=sections(symptoms="blank pages", cause="bad driver", resolution="update"))).fields
    assert field(found, "symptoms") == ("blank", "page")
    assert field(found, "cause") == ("bad", "driver")
    assert field(found, "resolution") == ("updat",)


def test_a_part_under_its_own_heading_belongs_to_the_section_before_it() -> None:
    parts = (*sections(resolution="update"), Section("Windows NT", "other", "reboot"))
    assert field(analyse(article(sections=parts)).fields, "resolution") == ("updat", "window", "nt", "reboot")


def test_text_before_any_heading_is_body() -> None:
    parts = (Section(None, "body", "preface"),)
    assert field(analyse(article(sections=parts)).fields, "body") == ("prefac",)


def test_the_title_field_holds_the_id() -> None:
    assert "q100001" in field(analyse(article("Q100001")).fields, "title")


def test_versions_stand_alone_and_tied_to_their_product() -> None:
    entry = AppliesTo("Microsoft Windows NT Server", "3.5", "4.0", ("3.51",), "SP3, SP4")
    values = filter_values(article(product="Windows NT", applies_to=(entry,), fix=Fix("workaround", "reboot")))
    assert values["product"] == ("windows nt", "microsoft windows nt server")
    assert {"3.51", "3.5", "4.0", "sp3", "sp4", "microsoft windows nt server|4.0"} <= set(values["version"])
    assert values["fix_kind"] == ("workaround",)


def test_facets_have_each_version_once_and_the_first_product_as_written() -> None:
    entries = (AppliesTo("Word for Windows", versions=("6.0", "6.0a")), AppliesTo("Word", versions=("6.0",)))
    about = article(date="1996-05-02", products=("Word for Windows", "Word"), applies_to=entries)
    assert facet_values(about) == (
        ("product", "Word for Windows"), ("version", "6.0"), ("version", "6.0a"), ("year", "1996"),
        ("kind", "information"),
    )  # fmt: skip
    assert facet_values(article(product="Mail", products=("Word",)))[0] == ("product", "Mail")


def test_absent_values_are_no_keys() -> None:
    assert filter_values(article()) == {"kind": ("information",)}


def test_product_versions_are_distinct() -> None:
    entry = AppliesTo("Excel", versions=("5.0", "5.0"))
    assert product_versions(article(applies_to=(entry, entry))) == (("excel", None), ("excel", "5.0"))


def test_codes_and_the_sentences_of_messages_are_an_article_s_own() -> None:
    found = field(
        analyse(
            article(signatures=(Signature("stop", "a"),), error_messages=("Disk full. Abort, Retry, Fail?",))
        ).fields,
        "signatures",
    )
    assert "stop=a" in found
    assert len(found) == 4  # the stop, the message, and its two sentences
