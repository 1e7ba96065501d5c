"""The phrases by which articles announce a remedy, or say that there is none, as data.

All are looked for in text in lower case, which takes a third of the time that ignoring case does.
"""

import re
from collections.abc import Mapping
from typing import Final

from indexer.fields.word_sets import watch
from kb.models import FixKind

# Subheadings and the kind of fix that stands under them.
Titles = tuple[tuple[re.Pattern[str], FixKind], ...]
# Letters come first where they can: they are found faster than the boundary of a word.
WORK_AROUND: Final = re.compile(r"work(?<!\wwork)(?:ing|ed)? ?-?around(?:s)?\b")
RELEASE: Final = re.compile(
    r"\b(?:obtain|install|apply|download|get|order|upgrade|contact|request|acquire)\w*\b(?:[^.:]|\.(?=\w)){0,90}?"
    r"\b(?:service pack|hotfix|(?:latest|updated?|newer|new|current|corrected|patched|revised|later) (?:\w+ ){0,4}?"
    r"(?:fix|version|driver|drivers|bios|firmware|release|build|file|files|patch|update|dll)|(?:the|this|"
    r"an?) (?:fix|patch|update|upgrade)\b)"
    r"|\b(?:hotfix|fix|patch|update)\b(?:[^.:]|\.(?=\w)){0,120}?\bis (?:now |currently )?available\b"
    r"|\bsupported (?:fix|hotfix|feature|update)\b|\bs e r v p a c k\b|\bupgrad(?:e|ing) (?:\w+ ){0,3}?to\b"
    r"|\b(?:was|has been|is|are|were|been|first) (?:corrected|fixed|resolved) in\b|\bupdate to (?:version|"
    r"service)\b|\binstall windows (?:98|me|2000|xp)\b|"
    r"\buse the (?:\w+ )?(?:hotfix|fix|update|updated)\b|\bhas corrected this\b"
    r"|\bavailable from (?:your|the) (?:\w+ ){1,4}(?:manufacturer|vendor)\b"
)
CORRECTED: Final = re.compile(
    r"(?<!not )\b(?:was|were|has been|have been|had been|is|are|been|be)(?: first)?(?: also)? (?:corrected|fixed|"
    r"resolved|addressed(?! to)|eliminated)\b"
    r"|\bfirst corrected in\b|\bcorrected in\b|\bfirst included in\b|\b(?:does|do|did|will) not occur in\b|"
    r"\bno longer (?:occurs|exists) in\b"
    r"|\bworks? (?:correctly|properly|as (?:expected|documented)) (?:in|with) (?:version|service pack|later|the |"
    r"microsoft |windows |visual )"
    r"|\bsupported fix\b|\bservice pack\b[^.]{0,60}\b(?:corrects|fixes|resolves)\b"
)
# Outside of STATUS, what is corrected may be anything; with a release in the sentence it is the problem.
NAMES_RELEASE: Final = re.compile(
    r"\bversions?\b|\bservice pack\b|\brelease\b|\bupdate|\bhotfix|\bwindows (?:nt|9|me|2|xp)|\d\.\d|\bsupported fix\b"
)
BY_DESIGN: Final = re.compile(
    r"\b(?:by|per) (?:product )?design\b|\bas designed\b|"
    r"\b(?:is|are) (?:not )?designed to\b|\bdesigned (?:behavior|this way)\b|\bthis (?:behavior )?is a feature\b|"
    r"\bdesign limitation\b|"
    r"\bexpected behavior\b|\bis by-design\b"
)
NO_FIX: Final = re.compile(
    r"\b(?:confirmed|acknowledges)\b[^.]{0,80}\b(?:problem|bug|issue|error|limitation|to be)\b|"
    r"\b(?:researching|investigating)\b|"
    r"\bno (?:known )?(?:workaround|"
    r"work-around|resolution|solution|fix|plans?)\b|\bis (?:a )?(?:known )?(?:bug|problem|limitation)\b|"
    r"\b(?:aware of|reviewing|evaluating)\b|"
    r"\bno (?:current |immediate )?plans\b|"
    r"\bno changes\b[^.]{0,40}\bwill be made\b|\bcannot be (?:fixed|resolved|worked)\b|\bcurrently (?:\w+ )?no\b|"
    r"\bnot supported\b|\bhas (?:been )?reproduced\b|"
    r"\bfixed in (?:a|the) (?:future|next|later)\b|\bunder investigation\b|\bwill (?:be )?post\b"
)
# In the symptoms only what Microsoft itself says of the problem counts.
CONFIRMED: Final = re.compile(r"\bmicrosoft has confirmed\b|\b(?:we are|microsoft is) researching\b")
# One of these words stands in every text in which the pattern is found.
WORDS_OF: Final[Mapping[re.Pattern[str], frozenset[str]]] = {
    CORRECTED: watch((
        "corrected", "fixed", "resolved", "addressed", "eliminated", "included", "occur", "occurs", "exists", "work",
        "works", "supported", "corrects", "fixes", "resolves",
    )),
    BY_DESIGN: watch(("design", "designed", "feature", "expected")),
    CONFIRMED: watch(("confirmed", "researching")),
}  # fmt: skip
SOLVES: Final = re.compile(
    r"\b(?:will|should) (?:correct|resolve|solve|fix|eliminate|prevent) (?:this|the) (?:problem|error|issue|behavior)\b"
)
# A section that opens so holds no remedy.
NO_REMEDY: Final = re.compile(
    r"(?:(?:there (?:is|are)|microsoft has|we have) (?:currently |presently |at present )?no\b|"
    r"no (?:known )?(?:work-?around|resolution|solution|fix)\b|"
    r"(?:currently|at this time|presently|unfortunately),? there (?:is|are) no\b|none\b|"
    r"(?:microsoft is|we are) (?:currently )?(?:researching|investigating)\b)[^.]{0,120}\."
    r"(?!.{0,400}\b(?:however|you can|but|instead)\b)"
)
# A resolution that opens so names several remedies, of which none is the one.
METHODS: Final = re.compile(
    r"\b(?:(?:following|these|two|three|several|appropriate) (?:\w+ )?"
    r"(?:methods|workarounds|steps|solutions|options|ways)|"
    r"(?:one|any|either|each) of the (?:following|methods))\b"
)
# Sentences that begin a remedy; what follows `to` is what the reader wants.
REMEDY: Final = re.compile(
    r"^(?:note: |workaround: |resolution: )?(?:(?:so |therefore, |thus, |however, |instead, |if [^,.]{3,90}, |"
    r"in (?:this|such|these) (?:case|cases|situation)s?, |fortunately, )?"
    r"(?:in order )?to (?:work ?around|correct|resolve|solve|fix|avoid|prevent|eliminate|remedy|bypass|overcome|"
    r"recover from|circumvent|"
    r"alleviate|repair|minimize|reduce|get around|restore|successfully|stop)\b"
    # What the maker does or did is no advice.
    r"(?![^,.]{3,80}, (?:microsoft|we|windows|(?:an?|the) [^,.]{3,40} (?:is|are|was|were|has|have))\b)"
    r"|(?:the|a|one|another|possible|an? \w+|two|three|several|there (?:is|are) [^.]{0,20}) ?(?:possible |"
    r"known |recommended |suggested |alternative |current |best |only |simple |easy )*"
    r"(?:work-?arounds?|solutions?|resolutions?|fix (?:is|for|to|has been)|remedy|"
    r"ways? (?:to (?:avoid|work|correct|resolve|prevent|fix|solve)|around))\b"
    r"|you can (?:also )?(?:work around|avoid|prevent|correct|resolve|fix|solve|eliminate|"
    r"troubleshoot)\b"
    r"|as a (?:work-?around|solution|precaution)\b"
    r"|if (?:this|the|these|you)\b[^,.]{0,20}\b(?:occurs?|happens?|appears?|receive|encounter|"
    r"experience)\b[^,.]{0,60}, "
    r"(?:then )?(?:please )?(?:remove|reinstall|install|use|change|check|verify|make sure|run|delete|rename|set|add|"
    r"disable|enable|restart|reboot|contact|try|choose|click|replace|turn|press|type|edit|move|copy|do the|follow|"
    r"obtain|close|quit|start|open|increase|decrease|update|upgrade|select|create|modify)\b"
    r"|(?:please )?contact [^.]{2,80}? (?:for|about|to (?:obtain|get|receive)) (?:an?|the|possible) "
    r"(?:\w+ ){0,3}(?:upgrade|update|fix|patch|driver|version|replacement)s?\b"
    r"|(?:these|this|the) (?:problem|error|behavior|issue|situation|error message|limitation|symptom|"
    r"conflict)s? (?:can|may|must|should) (?:also )?be (?:avoided|"
    r"corrected|resolved|prevented|fixed|solved|worked around|eliminated|circumvented|remedied|alleviated|overcome))"
)
INSIDE_REMEDY: Final = re.compile(
    r"\b(?<!try )(?:to (?:work ?around|correct|resolve|solve|fix|avoid|prevent|eliminate|remedy|circumvent|"
    r"overcome) (?:this|the|these|such)\b"
    r"|(?:correct|resolve|solve|fixe?|eliminate|cure|prevent|avoid)(?:s|ed)? (?:this|the) (?:problem|error|"
    r"behavior|issue|conflict|situation|message)"
    r"|work-?around (?:is|for|to)\b|(?:is|are|was|be|been) (?:resolved|solved|corrected|fixed|avoided|prevented|"
    r"eliminated) (?:by|if|when)\b"
    r"|(?:can|may|should) (?:safely )?be (?:safely )?ignored\b|\bcan safely ignore\b"
    r"|(?:will|would|should) (?:correct|resolve|solve|fix|eliminate) (?:this|the) (?:problem|error|issue|behavior)\b"
    r"|(?:solution|the resolution|workaround) is\b)"
)
# What to do to reach the reader's aim, in an article whose remedy is not announced.
GOAL: Final = re.compile(
    r"^to (?!do (?:this|so)\b|reproduce|demonstrate|illustrate|see\b|verify|duplicate|test|determine|view|find|order|"
    r"learn|show|recreate|confirm|check)[a-z]+ [^.]{3,100}?, (?:remove|reinstall|install|use|change|check|verify|"
    r"make sure|run|delete|rename|set|add|disable|enable|restart|reboot|try|choose|click|replace|turn|press|type|edit|"
    r"move|copy|do the|follow|obtain|close|quit|start|open|increase|decrease|update|upgrade|select|create|modify|"
    r"assign|call|declare|specify|place|put|define|include|insert|perform|you (?:can|must|should|need to))\b"
)
# A modal verb: what the reader must do, in an article whose remedy is not announced.
ADVICE: Final = re.compile(
    r"\b(?:you (?:must|should|need to|have to|can)|must be|(?<!there )should be|needs? to be|make sure|be sure|"
    r"verify that|it is necessary|"
    r"is required|contact (?:the|your) (?:\w+ ){0,4}(?:vendor|manufacturer)|can (?:safely )?be ignored|"
    r"instead,? use|use the .{1,40} instead|we recommend|recommends?|(?<!will )try|"
    r"requires [^.]{3,60} to (?:run|work|function|operate))\b"
)
INLINE_LABEL: Final = re.compile(
    r"(?im)^[ \t]*(?:- |\d+\. )?(?:resolution|solution|workaround|work-around|remedy|fix|corrective action|"
    r"user action|action|response)s?(?: \d+| [a-z])?:"
)
TITLES: Final[Titles] = (
    (re.compile(r"\bwork ?-?arounds?\b|\bwork around\b"), "workaround"),
    (
        re.compile(
            r"^(?:resolutions?|solutions?|fix|remedy|correction|to (?:correct|resolve|fix|solve|prevent|avoid|"
            r"work)|how to (?:correct|resolve|"
            r"fix|avoid|prevent|solve|work)|steps to (?:correct|resolve|fix|avoid|prevent|solve)|method (?:1|one)|"
            r"(?:possible )?(?:solutions?|resolutions?)|resolving|correcting|preventing|avoiding)\b"
        ),
        "resolution",
    ),
)
TROUBLESHOOTING: Final[Titles] = ((re.compile(r"^troubleshooting\b"), "resolution"),)
DISCLAIMER: Final = re.compile(
    r"\b(?:manufactured by vendors independent|we make no warranty|third-party products discussed|"
    r"products? (?:included|discussed|mentioned) here)"
)
