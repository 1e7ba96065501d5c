"""The words of support pages, as data: labels, headings, navigation, by the places in which they are seen.

One line teaches kbfix another vendor's word. All words are compared without case, with single spaces, and without the
colon that may follow them. What is done with them is told in the modules
beside this one.
"""

import re
from typing import Final, Literal

from kb.models import SectionKind

# What a label's value is. `number`: an article of Microsoft's, whatever page says it; `id`: that of whoever publishes
# the page. A `product` may have commas in its name, `products` have them between. `address` is the page's own address,
# `ignored` a value that no field of an article has a place for.
LabelField = Literal[
    "number", "id", "title", "modified", "created", "product", "products", "environments", "versions", "keywords",
    "query_words", "technology", "issue_type", "solution_type", "address", "ignored",
]  # fmt: skip
# What a heading opens: a section; the list of what the page applies to; labels; a table of contents; words of the site.
HeadingKind = SectionKind | Literal["applies_to", "labels", "contents", "dropped"]

LABELS: Final[dict[str, LabelField]] = {
    # Microsoft: CDs of 1998 and 2000, support site 2004-2014, wikis and mirrors made of it
    "article id": "id",
    "id": "id",
    "last reviewed": "modified",
    "last review": "modified",
    "article last modified on": "modified",
    "last modified": "modified",
    "revision": "ignored",
    "keywords": "keywords",
    "keyword(s)": "keywords",
    "kbcategory": "keywords",
    "kbsubcategory": "ignored",
    "additional query words": "query_words",
    "additional reference words": "query_words",
    "technology": "technology",
    "version": "versions",
    "hardware": "ignored",
    "issue type": "issue_type",
    "solution type": "solution_type",
    "component": "ignored",
    # Microsoft: "PSS ID Number" pages, 2002-2004
    "pss id number": "number",
    # Microsoft: text exports whose lines are lost
    "document": "id",
    "title": "title",
    # Microsoft: Learn, since 2019
    "original kb number": "number",
    "original product version": "products",
    "applies to": "products",
    # Microsoft: mirror at mskb.pkisolutions.com
    "article info": "ignored",
    "created on": "created",
    "published on": "created",
    "exists online": "ignored",
    "views": "ignored",
    # Microsoft: support site in other languages
    "artikel-id": "id",  # German, Dutch, Swedish
    "geändert am": "modified",
    "letzte überarbeitung": "modified",
    "numéro d'article": "id",  # French
    "id d'article": "id",
    "dernière mise à jour": "modified",
    "id. de artículo": "id",  # Spanish
    "última revisión": "modified",
    "identificativo articolo": "id",  # Italian
    "ultima modifica": "modified",
    "id do artigo": "id",  # Portuguese
    "última revisão": "modified",
    "αναγν. άρθρου": "id",  # Greek
    "τελευταία αναθεώρηση": "modified",
    "numer id artykułu": "id",  # Polish
    "код статьи": "id",  # Russian
    "последнее изменение": "modified",
    "文書番号": "id",  # Japanese
    "最終更新日": "modified",
    "リビジョン": "ignored",
    "文章编号": "id",  # Chinese
    "기술 자료": "id",  # Korean
    "หมายเลขบทความ (article id)": "id",  # Thai
    "schlüsselwörter": "keywords",  # German
    "mots-clés": "keywords",  # French
    "palabras clave": "keywords",  # Spanish
    "parole chiave": "keywords",  # Italian
    "palavras-chave": "keywords",  # Portuguese
    "ключевые слова": "keywords",  # Russian
    "キーワード": "keywords",  # Japanese
    "关键字": "keywords",  # Chinese
    # IBM
    "document number": "id",
    "reference #": "id",
    "reference number": "id",
    "uid": "ignored",
    "modified date": "modified",
    "more support for": "product",
    "software version": "versions",
    "operating system(s)": "environments",
    "product alias/synonym": "ignored",
    "apar number": "ignored",
    "apar status": "ignored",
    # Novell, SUSE, Micro Focus
    "document id": "id",
    "tid": "id",
    "document revision": "ignored",
    "creation date": "created",
    "document title": "title",
    "fact": "products",
    # Citrix
    "applicable products": "products",
    # VMware, Broadcom
    "article number": "id",
    "kb": "id",
    "article version": "ignored",
    "article type": "ignored",
    "product version(s)": "versions",
    "product/version": "versions",
    "issue/introduction": "ignored",
    # Oracle, Sun
    "doc id": "id",
    "note id": "id",
    "last major update": "modified",
    "last update": "modified",
    # Red Hat
    "solution id": "id",
    "solution verified": "modified",
    # Cisco
    "bug id": "id",
    "known affected releases": "versions",
    # Dell, EMC, HP
    "article": "id",
    "article url": "address",
    "summary id": "ignored",
    "last published date": "modified",
    "affected versions": "versions",
    # SAP
    "sap note": "id",
    "note number": "id",
    "released on": "modified",
    "other terms": "query_words",
    # Apple
    "article created": "created",
    "article modified": "modified",
    "products affected": "products",
    # Symantec, Veritas
    "created": "created",
    "updated": "modified",
    "product(s)": "products",
    # Helpdesks and other makers of knowledge bases
    "kb id": "id",
    "kb number": "id",
    "knowledge base id": "id",
    "answer id": "id",
    "faq id": "id",
    "technote": "id",
    "tech note": "id",
    "solution number": "id",
    "case number": "ignored",
    "url": "address",
    "product": "product",
    "products": "products",
    "product name": "product",
    "affected products": "products",
    "applies to products": "products",
    "platform": "environments",
    "platform(s)": "environments",
    "platforms": "environments",
    "operating system": "environments",
    "operating systems": "environments",
    "os": "environments",
    "environment": "environments",
    "versions": "versions",
    "version(s)": "versions",
    "product version": "versions",
    "last updated": "modified",
    "last modified date": "modified",
    "last modified on": "modified",
    "last updated on": "modified",
    "date modified": "modified",
    "date updated": "modified",
    "modified": "modified",
    "revised": "modified",
    "revision date": "modified",
    "last revised": "modified",
    "date created": "created",
    "created date": "created",
    "date": "created",
    "published": "created",
    "published date": "created",
    "publication date": "created",
    "posted": "created",
    "tags": "keywords",
    "key words": "keywords",
    "subject": "title",
    "headline": "title",
    "author": "ignored",
    "category": "ignored",
    "language": "ignored",
    "severity": "ignored",
    "audience": "ignored",
    "document type": "ignored",
    "rating": "ignored",
    "source": "ignored",
}

# Labels that are no text wherever they stand; the others are labels only before the first section and after the last.
ANYWHERE: Final = frozenset(
    {"pss id number", "article last modified on", "last reviewed", "additional query words",
     "additional reference words"}
)  # fmt: skip

# Values that stand in a sentence instead of behind a label, as patterns without case; the group is the value.
SENTENCES: Final[tuple[tuple[str, LabelField], ...]] = (
    # Microsoft, 2002-2014, in several languages
    (r"this article was previously published under\W{1,4}((?:KB|[A-Z]{0,2})\d{5,7})\b", "number"),
    (r"この記事は、以前は次の ID で公開されていました\W{1,4}([A-Z]{0,2}\d{5,7})\b", "number"),
    (r"dieser artikel wurde zuvor veröffentlicht unter\W{1,4}([A-Z]{0,2}\d{5,7})\b", "number"),
    (r"article last modified on[ \t]{1,4}([\d/. -]{8,12})", "modified"),
    (r"microsoft kb archive/(\d{5,7})\b", "number"),
    # Microsoft Learn
    (r"article[ \t]{0,4}[•·|][ \t]{0,4}(\d{1,2}/\d{1,2}/\d{4})\b.{0,40}", "modified"),
    # Novell
    (r"this document[ \t]{1,4}\(([\w-]{5,12})\)[ \t]{1,4}is provided subject to\b.{0,80}", "id"),
    # Oracle, Novell: an id without a colon
    (r"[(\[]?(?:doc|note) id:?[ \t]{1,4}([\d.]{5,14})[)\]]?", "id"),
    (r"tid[ \t]{0,4}#?:?[ \t]{0,4}(\d{7,9})\b", "id"),
    # Red Hat
    (r"solution (?:verified|unverified|in progress)[ \t]{1,4}-[ \t]{1,4}updated[ \t]{1,4}(.{8,30})", "modified"),
    # many
    (r"(?:last )?(?:updated|modified|revised)(?: on)?[ \t]{1,4}(.{8,30})", "modified"),
)

# Sentences that open the list of what a page applies to.
APPLIES_TO: Final[tuple[str, ...]] = (
    "the information in this article applies to",  # Microsoft, until 2005
    "this information in this article applies to",
    "the information in this document applies to",  # Oracle, Novell
    "this article applies to",
    "this document applies to",
    "this article applies to the following products",
    "この資料は以下の製品について記述したものです",  # Microsoft, Japanese
    "this document applies to the following symantec products",
)
# Lines within such a list that only part its entries.
LIST_DIVIDERS: Final = frozenset({"as they apply to", "used with", "when used with", "included with"})

# Words that only Microsoft's own pages have; a page with one of them may call its number plainly `Article ID`.
MICROSOFT_SIGNS: Final[tuple[str, ...]] = (
    "article last modified on",
    "was previously published under q",
    "view products that this article applies to",
    "the information in this article applies to",
    "information provided in the microsoft knowledge base",
    "microsoft kb archive/",
    "additional query words",
    "- last review:",
    "retired kb content disclaimer",
    "expand all | collapse all",
    "alles erweitern | alles schließen",  # German
    "produkte anzeigen, auf die sich dieser artikel bezieht",
    "dieser artikel wurde zuvor veröffentlicht unter d",
    "ανάπτυξη όλων | σύμπτυξη όλων",  # Greek
    "すべて展開する | すべて折りたたむ",  # Japanese
    "この記事は、以前は次の id で公開されていました",
    "rozwiń wszystko | zwiń wszystko",  # Polish
    "ขยายทั้งหมด | ยุบทั้งหมด",  # Thai
)
# Its keywords are made of words with this beginning.
MICROSOFT_KEYWORD: Final = re.compile(r"kb[A-Z]?[a-z]{2}\w*")
# Labels whose number is Microsoft's where it has their letter: `Article ID: Q168735`.
LETTERED_NUMBER: Final = re.compile(r"Q\d{5,6}", re.IGNORECASE)
# Former ids of other languages are the same number behind two letters; behind one (`D43359`) it is another number.
FORMER_NUMBER: Final = re.compile(r"(?:Q|(?!KB)[A-Z]{2})(\d{5,7})", re.IGNORECASE)
ANY_NUMBER: Final = re.compile(r"(?:KB|Q|[A-Z]{2})?[ \t]?(\d{5,7})(?!\d)", re.IGNORECASE)

HEADINGS: Final[dict[str, HeadingKind]] = {
    # Microsoft
    "symptoms": "symptoms",
    "symptom": "symptoms",
    "cause": "cause",
    "causes": "cause",
    "resolution": "resolution",
    "workaround": "workaround",
    "workarounds": "workaround",
    "status": "status",
    "more information": "more_information",
    "summary": "summary",
    "introduction": "summary",
    "references": "references",
    "applies to": "applies_to",
    "properties": "labels",
    "article properties": "labels",
    "article info": "labels",
    "on this page": "contents",
    "in this article": "contents",
    "table of contents": "contents",
    "retired kb content disclaimer": "dropped",
    # Microsoft: Office 365 and Learn
    "problem": "symptoms",
    "solution": "resolution",
    "solutions": "resolution",
    "resolutions": "resolution",
    "overview": "summary",
    "additional information": "more_information",
    "reference": "references",
    "related articles": "references",
    "see also": "references",
    # Microsoft: Programmer's Library
    "question": "symptoms",
    "answer": "resolution",
    "response": "resolution",
    # Microsoft: support site in other languages
    "problembeschreibung": "symptoms",  # German
    "ursache": "cause",
    "lösung": "resolution",
    "abhilfe": "workaround",
    "problemumgehung": "workaround",
    "weitere informationen": "more_information",
    "zusammenfassung": "summary",
    "einführung": "summary",
    "die informationen in diesem artikel beziehen sich auf": "applies_to",
    "auf dieser seite": "contents",
    "symptômes": "symptoms",  # French
    "résolution": "resolution",
    "contournement": "workaround",
    "statut": "status",
    "plus d'informations": "more_information",
    "résumé": "summary",
    "síntomas": "symptoms",  # Spanish
    "causa": "cause",
    "solución": "resolution",
    "resolución": "resolution",
    "más información": "more_information",
    "resumen": "summary",
    "sintomi": "symptoms",  # Italian
    "risoluzione": "resolution",
    "informazioni": "more_information",
    "sommario": "summary",
    "sintomas": "symptoms",  # Portuguese
    "resolução": "resolution",
    "resolucao": "resolution",
    "mais informações": "more_information",
    "sumário": "summary",
    "συμπτώματα": "symptoms",  # Greek
    "αιτία": "cause",
    "προτεινόμενη αντιμετώπιση": "resolution",
    "αντιμετώπιση": "resolution",
    "περισσότερες πληροφορίες": "more_information",
    "σύνοψη": "summary",
    "objawy": "symptoms",  # Polish
    "przyczyna": "cause",
    "rozwiązanie": "resolution",
    "więcej informacji": "more_information",
    "streszczenie": "summary",
    "проблема": "symptoms",  # Russian
    "причина": "cause",
    "решение": "resolution",
    "дополнительная информация": "more_information",
    "現象": "symptoms",  # Japanese
    "原因": "cause",
    "解決方法": "resolution",
    "回避策": "workaround",
    "回避方法": "workaround",
    "状況": "status",
    "詳細": "more_information",
    "概要": "summary",
    "はじめに": "summary",
    "関連情報": "references",
    "目次": "contents",
    "対象製品": "applies_to",
    "症状": "symptoms",  # Chinese
    "解决方案": "resolution",
    "更多信息": "more_information",
    "อาการ": "symptoms",  # Thai
    "สาเหตุ": "cause",
    "การแก้ไข": "resolution",
    "ข้อมูลเพิ่มเติม": "more_information",
    "สรุป": "summary",
    "คำแนะนำ": "summary",
    "เนื้อหาบนหน้านี้": "contents",
    # IBM
    "problem(abstract)": "symptoms",
    "problem (abstract)": "symptoms",
    "abstract": "summary",
    "diagnosing the problem": "more_information",
    "resolving the problem": "resolution",
    "local fix": "workaround",
    "error description": "symptoms",
    "problem summary": "cause",
    "problem conclusion": "resolution",
    "temporary fix": "workaround",
    "related information": "references",
    "document information": "labels",
    "was this topic helpful?": "dropped",
    "cross reference information": "labels",
    # Novell, SUSE, Micro Focus
    "situation": "symptoms",
    "goal": "summary",
    "fact": "applies_to",
    "facts": "applies_to",
    "change": "other",
    "changes": "other",
    "fix": "resolution",
    "note": "more_information",
    "bug number": "labels",
    "disclaimer": "dropped",
    "feedback": "dropped",
    # VMware, Broadcom
    "details": "more_information",
    "purpose": "summary",
    "issue/introduction": "symptoms",
    "impact / risks": "other",
    "impact/risks": "other",
    "request a product feature": "dropped",
    # Citrix
    "symptoms or error": "symptoms",
    "problem cause": "cause",
    "additional resources": "references",
    "applicable products": "applies_to",
    # Red Hat
    "issue": "symptoms",
    "environment": "applies_to",
    "root cause": "cause",
    "diagnostic steps": "more_information",
    # Oracle, Sun
    "problem description": "symptoms",
    "solution description": "resolution",
    "explanation": "cause",
    # Cisco
    "conditions": "other",
    "further problem description": "more_information",
    "known affected releases": "applies_to",
    "known fixed releases": "status",
    "problem statement": "symptoms",
    "background information": "more_information",
    # SAP
    "other terms": "labels",
    "reason and prerequisites": "cause",
    "reproducing the issue": "other",
    "cause and prerequisites": "cause",
    # Apple
    "products affected": "applies_to",
    "topic": "symptoms",
    "discussion": "resolution",
    # Dell, EMC, HP
    "affected products": "applies_to",
    "scenario": "symptoms",
    "instructions": "resolution",
    # Symantec, Veritas
    "error": "symptoms",
    "error message": "symptoms",
    "error messages": "symptoms",
    "error code": "symptoms",
    "product(s)": "applies_to",
    "products": "applies_to",
    "supplemental materials": "more_information",
    # Helpdesks and other makers of knowledge bases
    "description": "symptoms",
    "issue description": "symptoms",
    "description of problem": "symptoms",
    "description of the problem": "symptoms",
    "what you see": "symptoms",
    "observed behavior": "symptoms",
    "possible cause": "cause",
    "possible causes": "cause",
    "probable cause": "cause",
    "reason": "cause",
    "analysis": "cause",
    "possible solution": "resolution",
    "possible solutions": "resolution",
    "possible resolution": "resolution",
    "recommended solution": "resolution",
    "corrective action": "resolution",
    "recommended action": "resolution",
    "action": "resolution",
    "remedy": "resolution",
    "how to fix": "resolution",
    "how to fix it": "resolution",
    "steps to resolve": "resolution",
    "resolution steps": "resolution",
    "temporary workaround": "workaround",
    "work around": "workaround",
    "work-around": "workaround",
    "additional notes": "more_information",
    "notes": "more_information",
    "further information": "more_information",
    "technical details": "more_information",
    "prevention": "more_information",
    "related links": "references",
    "related documents": "references",
    "related topics": "references",
    "further reading": "references",
    "applicable to": "applies_to",
    "product": "applies_to",
    "versions affected": "applies_to",
    "attachments": "labels",
    "document details": "labels",
    "article details": "labels",
    "metadata": "labels",
}

# Words that open a section on a line of their own without any mark, since they hardly stand alone in a text.
STRONG: Final = frozenset(
    {"symptoms", "cause", "resolution", "workaround", "status", "more information", "summary", "references",
     "applies to", "resolving the problem", "root cause", "diagnostic steps", "problem cause"}
)  # fmt: skip
# Words that open a section with their text on the same line: `Problem: nothing is printed`.
RUN_IN: Final = frozenset(
    {"symptom", "symptoms", "problem", "problem description", "issue", "question", "situation", "goal", "fact",
     "change", "cause", "root cause", "possible cause", "reason", "explanation", "resolution", "solution", "fix",
     "answer", "workaround", "work around", "work-around", "remedy", "action", "corrective action",
     "recommended action", "conditions", "further problem description", "summary", "more information",
     "additional information", "references"}
)  # fmt: skip
# Words that open sections, but also stand over anything else: a page is not known by them.
VAGUE: Final = frozenset(
    {"topic", "discussion", "description", "details", "question", "answer", "response", "error", "error message",
     "error messages", "error code", "scenario", "situation", "instructions", "action", "reason", "analysis",
     "explanation", "abstract", "problem summary"}
)  # fmt: skip
# One of several: `Cause 1`, `Solution 2: Install it again`, `Resolution - Option A`.
SEVERAL: Final = re.compile(
    r"(symptom|cause|resolution|solution|workaround|fix)s?"
    r"[ \t]{0,2}(?:[-:\u2013#][ \t]{0,2})?(?:(?:option|method)[ \t]{1,2})?(?:#?\d{1,2}\b|[A-F]\b(?![ \t]))"
    r"(?:[ \t]{0,2}[-:.)\u2013].{0,160})?",
    re.IGNORECASE,
)
# Bold words on a line of their own that are no subheadings.
EMPHASIS: Final = frozenset(
    {"note", "notes", "important", "warning", "caution", "tip", "or", "-or-", "- or -", "and", "-and-", "example",
     "attention"}
)  # fmt: skip

# Lines of a page that belong to its site, not to its article, wherever they stand.
NAVIGATION: Final = frozenset(
    {
        # Microsoft, support site 2004-2014
        "article translations", "article translations article translations", "expand all | collapse all", "expand all",
        "collapse all", "back to the top", "\u2191 back to the top", "view products that this article applies to",
        "print this page", "email this page", "microsoft knowledge base widget", "need more help?",
        "other support options", "contact a support professional by email, online, or phone",
        "did this solve your problem?", "provide feedback", "was this information helpful?", "retired kb article",
        # the same, other languages
        "文書翻訳", "文書翻訳 文書翻訳", "すべて展開する | すべて折りたたむ", "すべて展開する", "すべて折りたたむ",
        "先頭へ戻る",
        "alles erweitern | alles schließen", "sprache auswählen sprache auswählen", "sprache auswählen",
        "ανάπτυξη όλων | σύμπτυξη όλων", "μεταφράσεις άρθρων μεταφράσεις άρθρων", "μεταφράσεις άρθρων",
        "ขยายทั้งหมด | ยุบทั้งหมด", "การแปลบทความ การแปลบทความ", "การแปลบทความ",
        "rozwiń wszystko | zwiń wszystko", "tłumaczenia artykułów tłumaczenia artykułów", "tłumaczenia artykułów",
        # BetaArchive and other wikis
        "from betaarchive wiki", "jump to: navigation, search", "jump to navigation", "jump to search",
        "navigation menu",
        # Microsoft Learn
        "give product feedback", "provide product feedback", "read in english", "share via", "add to collections",
        "add to plan", "skip to main content", "focus mode", "collaborate with us on github",
        "summarize this article for me",
        # many sites
        "back to top", "go to top", "return to top", "top of page", "printer friendly version", "printable version",
        "e-mail this page", "email this article", "print this article", "send feedback", "give feedback",
        "rate this article", "rate this page", "rate this document", "was this helpful?", "copy link",
        "terms of use", "cookie preferences", "skip to content",
    }
)  # fmt: skip
# Lines that are a site's own before the first section and at the end of a page; between, a list may hold them.
NAVIGATION_IN_MARGIN: Final = frozenset(
    {"help and support", "microsoft support", "knowledge base", "microsoft knowledge base", "system tip", "loading",
     "submit", "cancel", "thank you!", "feedback", "save", "edit", "share", "facebook", "twitter", "linkedin",
     "email", "print", "article", "ask learn", "home", "up", "back", "index", "products", "faq", "search", "site map",
     "contact us", "log in", "login", "sign in", "register", "subscribe", "top", "bookmark", "follow", "download pdf",
     "show more", "previous", "next", "privacy policy", "privacy", "legal", "trademarks", "accessibility",
     "loading...", "yes no", "yes", "no", "not useful", "useful", "tweet", "menu", "support", "downloads",
     "documentation", "community", "worldwide", "technote", "technote (troubleshooting)", "technote (faq)"}
)  # fmt: skip
# Words of a site that ran into a line of text, where a page was saved as text.
NAVIGATION_WITHIN: Final = re.compile(
    r"Collapse this table ?Expand this table|Expand this table ?Collapse this table"
    r"|\bCollapse this image ?Expand this image"
    r"|\bBack to the top\b(?= *$)|^Expand all \| Collapse all\b",
    re.IGNORECASE,
)
# Such lines that vary.
NAVIGATION_LIKE: Final = re.compile(
    r"(?:\u00a9|(?:\(c\)|copyright) ?(?:\u00a9|\(c\)|\d{4}|\w+ corporation)).{0,160}|all rights reserved.{0,80}"
    r"|\d{1,4} (?:contributors?|minutes? to read|views?|people found this (?:helpful|useful))"
    r"|was this (?:page|article|document|information|topic|content|solution) (?:helpful|useful)\b.{0,30}"
    r"|(?:did|does) this (?:page|article|document|information|topic|content|solution) (?:help|solve|answer) .{2,40}"
    r"|(?:view|show) products that this article applies to"
    r"|this page was last (?:edited|modified) on .{4,60}"
    r"|still need help\?.{0,160}"
    r"|retrieved from [\"\u201c]?https?:.{0,160}"
    r"|skip to (?:main |primary )?(?:content|navigation|search|footer)",
    re.IGNORECASE,
)
# From one of these to the end of a page nothing belongs to its article.
CLOSING: Final[tuple[str, ...]] = (
    "the information provided in the microsoft knowledge base is provided",
    "this support knowledgebase provides a valuable tool",  # Novell, SUSE
)
# The last part of a page's title where it names the site: `Printing fails | Contoso Support`.
SITE_NAMES: Final = re.compile(
    r"(?:.{0,40}\b)?(?:support|knowledge ?base|customer portal|wiki|archive|help cent(?:er|re)|help ?desk|service desk)"
    r"|microsoft (?:learn|docs)|[\w.-]{2,40}\.(?:com|org|net|edu)|vmware kb|dell us|techtv"
    r"|ibm|cisco|oracle|citrix|novell|vmware|red hat|apple|sap|symantec|veritas",
    re.IGNORECASE,
)
# Headings before the first section that are no title.
NO_TITLES: Final = frozenset(
    {"in this task", "important", "notice", "note", "warning", "technote", "technote (troubleshooting)",
     "technote (faq)", "troubleshooting", "solution", "knowledgebase", "article", "support", "apar status",
     "not yet rated", "search results", "menu", "solution verified", "flashes (alerts)"}
)  # fmt: skip
# Files that are never an article, however they are divided.
NO_ARTICLES: Final = frozenset(
    {"readme", "changelog", "changes", "license", "licence", "copying", "contributing", "todo", "news", "authors",
     "install", "history", "code_of_conduct", "security", "notice", "metadata", "pkg-info"}
)  # fmt: skip
# The endings of files that hold a program, data or settings, not a page.
NO_PAGES: Final = frozenset(
    {"py", "pyi", "c", "cc", "cpp", "h", "hpp", "cs", "java", "js", "ts", "go", "rs", "rb", "sh", "bat", "cmd", "ps1",
     "vbs", "bas", "sql", "css", "json", "jsonl", "xml", "xsl", "xsd", "yml", "yaml", "toml", "ini", "cfg", "reg",
     "inf", "csv", "tsv", "tex", "diff", "patch", "po", "log", "eml", "mbox", "ics", "vcf", "lock", "svg"}
)  # fmt: skip
