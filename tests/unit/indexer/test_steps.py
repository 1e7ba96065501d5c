"""Numbered steps stay steps."""

from indexer.fields.steps import find_steps


def test_lettered_steps_are_nested_in_their_step() -> None:
    steps = find_steps("1. Open it.\n\n2. Do both:\n\n   a. This.\n\n   b. That.\n\n3. Close it.")
    assert [(s.text, [n.text for n in s.steps]) for s in steps] == [
        ("Open it.", []),
        ("Do both:", ["This.", "That."]),
        ("Close it.", []),
    ]


def test_code_and_notes_stay_in_their_step() -> None:
    (step,) = find_steps("1. Type this:\n\n      net stop browser\n\n   NOTE: It takes a while.")
    assert step.text == "Type this:\n\n   net stop browser\n\nNOTE: It takes a while."


def test_several_lists_are_added_up() -> None:
    assert len(find_steps("1. A.\n\n2. B.\n\nThen:\n\n1. C.")) == 3


def test_method_blocks_are_one_step_each() -> None:
    text = "Choose one.\n\nMethod 1\n--------\n\n1. A.\n\n2. B.\n\nMethod 2\n--------\n\nC."
    assert [len(s.steps) for s in find_steps(text)] == [2, 0]


def test_labelled_methods_are_blocks_too() -> None:
    assert len(find_steps("Method 1:\n\n1. A.\n\n2. B.\n\nMethod 2:\n\n1. C.")) == 2


def test_bullets_and_letters_alone_are_no_steps() -> None:
    assert find_steps(" - A.\n\n - B.\n\na. C.\n") == ()


def test_indentation_is_relative() -> None:
    assert len(find_steps("    1. A.\n\n       a. B.\n\n    2. C.")) == 2
