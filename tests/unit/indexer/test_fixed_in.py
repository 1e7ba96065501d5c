"""Releases that an article names as correcting the problem."""

import pytest

from indexer.fields.fixed_in import find_fixed_in


@pytest.mark.parametrize(
    ("text", "releases"),
    [
        ("This problem was corrected in Windows NT 4.0 Service Pack 4.", ("Windows NT 4.0 Service Pack 4",)),
        ("It was corrected in the latest NT 4.0 U.S. Service Pack.", ("latest NT 4.0 U.S. Service Pack",)),
        ("This problem does not occur in Index Server version 2.0 and later.", ("Index Server version 2.0",)),
        ("Version 1.46 of the drivers corrects the problem.", ("Version 1.46 of the drivers",)),
        ("Fixed in Server 4.0 SP4 and Windows NT 5.0 Beta 2.", ("Server 4.0 SP4", "Windows NT 5.0 Beta 2")),
        ("bugs fixed in Studio 97 Service Pack 2, please see this:", ("Studio 97 Service Pack 2",)),
    ],
)
def test_releases_are_given_as_written(text: str, releases: tuple[str, ...]) -> None:
    assert find_fixed_in([text]) == releases


@pytest.mark.parametrize(
    "text",
    [
        "It is fixed in this way.",
        "This was resolved in a meeting.",
        "The name does not appear in Windows 95.",
        "Obtain SP3.",
    ],
)
def test_other_sentences_name_no_release(text: str) -> None:
    assert find_fixed_in([text]) == ()


def test_a_release_in_which_it_works_corrects_it() -> None:
    assert find_fixed_in(["It works correctly in version 5.00.37, which ships later."]) == ("version 5.00.37",)
    assert find_fixed_in(["It does not occur in later versions of Windows or in Windows for Workgroups."]) == (
        "later versions of Windows",
        "Windows for Workgroups",
    )


@pytest.mark.parametrize(
    ("sentence", "release"),
    [
        ("This fix is now available in the latest Service Pack for X.", "latest Service Pack for X"),
        ("It was corrected by the HP driver version 30.3.85 for Word.", "HP driver version 30.3.85 for Word"),
        ("The update is already included in SNA Server 3.0.", "SNA Server 3.0"),
    ],
)  # fmt: skip
def test_other_words_for_corrected_in(sentence: str, release: str) -> None:
    assert find_fixed_in([sentence]) == (release,)
