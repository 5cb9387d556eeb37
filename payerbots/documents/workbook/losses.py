"""What a copy of a workbook has lost, in words."""

import re
import zipfile
from collections.abc import Iterable
from typing import IO

from payerbots.documents.workbook.inventory import Trait, inventory

_HARMLESS = re.compile(
    r"""
    officeDocument\ (fileVersion.*|workbookPr.*|revisionPtr.*|documentId.*|calcPr@.*
                    |AlternateContent|Choice.*|Fallback|absPath.*|.*@(lastEdited|lowestEdited|rupBuild)
                    |ext\ \{(140A7094-0E35-4892-8432-C4D2E57EDEB5|B58B0392-4F1F-4190-BB64-5DF3571DCE5F
                            |7626C862-2A13-11E5-B345-FEFF819CDC9F)\})
    |worksheet\ (dimension.*|phoneticPr.*|headerFooter|headerFooter@alignWithMargins|sheetFormatPr@.*
                |selection@.*|sheetView@.*|tableParts.*
                |pageSetup@(orientation|verticalDpi|horizontalDpi|cellComments))
    |chart\ (lang.*|printSettings|pageSetup|pageMargins.*|headerFooter|date1904.*|roundedCorners.*)
    |drawing\ (ext|off|off@[xy]|graphicFrame@macro|graphicFrameLocks.*
              |ext\ \{FF2B5EF4-FFF2-40B4-BE49-F238E27FC236\})
    |styles\ (ext\ \{(EB79DEF2-80B8-43e5-95BD-54CBDDF9020C|9260A510-F301-46a8-8635-F512D64BE5F5)\})
    |table\ .*@(insertRow|headerRowCellStyle)
    """,
    re.VERBOSE,
)
_WORDS = (
    (r"worksheet .*05C60535-1F16-4fd2-B633-F4F36F0B64E0", "sparklines"),
    (
        r"worksheet .*(78C0D931-6437-407d-A8EE-F0AAD7539E65|B025F937-C7B1-47D3-B67F-A62EFF666E3E)",
        "data bars or icon sets",
    ),
    (r"worksheet .*CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF", "drop-down lists that refer to other sheets"),
    (
        r"worksheet .*(A8765BA9-456A-4dab-B4F3-ACF838C121DE|3A4CF648-6AED-40f4-86FF-DC5316D8AED3)|slicer",
        "slicers",
    ),
    (r"timeline|worksheet .*7E03D99C-DC04-49d9-9315-930204A7B6E9", "time lines"),
    (r"drawing (sp|cxnSp|grpSp|AlternateContent|txBody)$", "text boxes or shapes"),
    (r"worksheet ignoredError", "marks on cells whose warning was dismissed"),
    (r"worksheet legacyDrawingHF|worksheet (odd|even|first)(Header|Footer)", "headers or footers"),
    (r"worksheet picture", "the background picture"),
    (r"worksheet protectedRange", "protected ranges"),
    (r"ctrlProp|control (?!Note)|worksheet (control|legacyDrawing)", "buttons or other controls"),
    (r"printerSettings", "printer settings"),
    (r"comments |threadedComment|person", "the format of comments"),
    (r"customXml", "custom XML"),
    (r"sheetMetadata|rdRich|richValue", "dynamic formulas or pictures in cells"),
    (r"pivot", "pivot tables"),
    (r"vba", "macros or their signature"),
    (r"table ", "properties of a table"),
    (r"styles ", "cell or table styles"),
    (r"chart", "parts of a chart"),
    (r"vmlDrawing", "notes, header pictures or controls"),
    (r"worksheet drawing", "pictures or drawings"),
    (r"hyperlink", "hyperlinks"),
    (r"FeaturePropertyBag", "check boxes in cells"),
    (r"image|drawing ", "properties of pictures or drawings"),
    (r"externalLink", "links to other workbooks"),
    (r"officeDocument definedName", "defined names"),
    (r"worksheet ", "settings of the page or view"),
    (r"officeDocument ", "settings of the workbook"),
)
_SHOWN = 3


def losses(before: IO[bytes], after: IO[bytes]) -> tuple[str, ...]:
    """What stands in `before` and no longer in `after`, such as `sparklines on sheet Requests`."""
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after) as new:
        lost = inventory(old) - inventory(new)
    return tuple(dict.fromkeys(_words(trait) for trait in sorted(lost, key=_rank) if not _harmless(trait)))


def in_words(lost: Iterable[str]) -> str:
    """`A, B and C would be lost`; of many only the first three."""
    names = [*lost]
    shown = names[:_SHOWN] if len(names) > _SHOWN else names[:-1]
    rest = "more" if len(names) > _SHOWN else names[-1]
    return f"{', '.join(shown)} and {rest} would be lost" if shown else f"{rest} would be lost"


def _harmless(trait: Trait) -> bool:
    return _HARMLESS.fullmatch(f"{trait.part} {trait.what}") is not None


def _rank(trait: Trait) -> tuple[int, Trait]:
    return _position(trait), trait


def _position(trait: Trait) -> int:
    named = f"{trait.part} {trait.what}"
    return next((i for i, (pattern, _) in enumerate(_WORDS) if re.match(pattern, named)), len(_WORDS))


def _words(trait: Trait) -> str:
    position = _position(trait)
    words = _WORDS[position][1] if position < len(_WORDS) else f"parts of kind {trait.part}"
    return f"{words} on sheet {trait.sheet}" if trait.sheet else words
