"""People's own workbooks, with what offices put into them, and ways to look inside."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.documents.workbook.samples import HEADER, ROW, fill, png

SHEET = "xl/worksheets/sheet1.xml"
TEXT_BOX = b"""<xdr:twoCellAnchor xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>
<xdr:to><xdr:col>3</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>
<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="9" name="TextBox 9"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>
<xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>
<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>Call first</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>
</xdr:twoCellAnchor>"""
BOLD = DifferentialStyle(font=Font(bold=True))
SPARKLINE = b"""<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"
 xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:sparklineGroups
 xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup><x14:sparklines><x14:sparkline>
<xm:f>Requests!A2:D2</xm:f><xm:sqref>L2</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup>
</x14:sparklineGroups></ext></extLst>"""


def rich_workbook(path: Path) -> Path:
    """Requests with a formula, a comment, a list, colours, a name; a table, picture and chart elsewhere."""
    book = Workbook()
    sheet = book.worksheets[0]
    fill(sheet, [["Monday"], HEADER, ROW, ("SO-2", *ROW[1:10], "=1234567890+3")])
    sheet["A2"].comment = Comment("our number", "Kim")
    sheet.column_dimensions["B"].hidden = True
    choices = DataValidation(type="list", formula1='"R,NU"')
    choices.add("J3:J9")
    sheet.add_data_validation(choices)
    sheet.conditional_formatting.add(
        "H3:H9", Rule(type="cellIs", operator="lessThan", formula=["TODAY()"], dxf=BOLD)
    )
    book.defined_names["Payers"] = DefinedName("Payers", attr_text="Other!$A$1:$A$2")
    other = book.create_sheet("Other")
    for line in (("Payer", "Count"), ("Medicare", 3)):
        other.append(line)
    other.add_table(Table(displayName="Counts", ref="A1:B2"))
    chart = BarChart()
    chart.add_data(Reference(other, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    other.add_chart(chart, "D2")
    other.add_image(Image(io.BytesIO(png())), "D20")
    book.save(path)
    return with_parts(path, {SHEET: lambda xml: xml.replace(b"<v />", b"<v>1234567893</v>")})


def with_sparkline(path: Path) -> Path:
    """The workbook with a sparkline on its first sheet."""
    return with_parts(path, {SHEET: lambda xml: xml.replace(b"</worksheet>", SPARKLINE + b"</worksheet>")})


def with_text_box(path: Path) -> Path:
    """The workbook with a text box among the drawings of its second sheet."""
    end = b"</wsDr>"
    return with_parts(path, {"xl/drawings/drawing1.xml": lambda xml: xml.replace(end, TEXT_BOX + end)})


def with_macros(path: Path) -> Path:
    """The workbook with a macro project, as .xlsm."""
    types = (
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    part = b'<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    relation = (
        b'<Relationship Id="rId99" Target="vbaProject.bin" '
        b'Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Relationships>'
    )
    with_parts(
        path,
        {
            "[Content_Types].xml": lambda xml: xml.replace(*types).replace(b"</Types>", part),
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b"</Relationships>", relation),
            "xl/vbaProject.bin": lambda _: b"macro bytes",
        },
    )
    return path.rename(path.with_suffix(".xlsm"))


def with_parts(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """Change or add parts of a workbook; every change must change something."""
    found = parts(path)
    for name, change in changes.items():
        changed = change(found.get(name, b""))
        assert changed != found.get(name), name
        found[name] = changed
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """Every part of a workbook by its name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
