"""Documents with words in them, made as the programs make them that people use."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = {
    "word": "wordprocessingml.document.main",
    "ppt": "presentationml.presentation.main",
}


def pdf(pages: Sequence[str], more: int = 0) -> bytes:
    """A PDF with these words on its pages, in a Chinese font every reader knows; and so many bytes more."""
    font = (
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    )
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        *font,
    ]
    for n, text in enumerate(pages):
        lines = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -24 Td " for line in text.split("\n"))
        content = f"BT /F 16 Tf 40 780 Td {lines}ET"
        parts += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {7 + 2 * n} 0 R>>",
            f"<</Length {len(content)}>>stream\n{content}\nendstream",
        ]
    made = b"%PDF-1.5\n%" + b"0" * more + b"\n"
    places = []
    for n, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{n} 0 obj{part}endobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer<</Root 1 0 R/Size {len(parts) + 1}>>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def packed(parts: dict[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _office(folder: str, file: str, more: dict[str, str | bytes]) -> bytes:
    kind = f"application/vnd.openxmlformats-officedocument.{TYPES[folder]}+xml"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{types}"><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/{folder}/{file}" '
            f'ContentType="{kind}"/></Types>',
            "_rels/.rels": "<Relationships/>",
            **more,
        }
    )


def docx(pages: Sequence[str], head: str = "") -> bytes:
    """A Word document; `head` stands before its root."""
    broken = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    body = broken.join(
        "".join(
            f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
            for line in page.split("\n")
        )
        for page in pages
    )
    text = f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return _office("word", "document.xml", {"word/document.xml": text})


def pptx(slides: Sequence[str]) -> bytes:
    """Slides, kept in another order than they are shown in."""
    order = list(range(len(slides), 0, -1))
    listed = "".join(f'<p:sldId id="{256 + n}" r:id="r{n}"/>' for n in order)
    relations = "".join(f'<Relationship Id="r{n}" Target="slides/slide{n}.xml"/>' for n in order)
    made: dict[str, str | bytes] = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}">'
        f"<p:sldIdLst>{listed}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}</Relationships>",
    }
    for n, text in zip(order, slides, strict=True):
        lines = "".join(f"<a:p><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in text.split("\n"))
        made[f"ppt/slides/slide{n}.xml"] = f'<p:sld xmlns:p="{P}" xmlns:a="{A}">{lines}</p:sld>'
    return _office("ppt", "presentation.xml", made)


def covered(content: bytes, name: str, cover: bytes) -> bytes:
    """An Office file with a part more, as the picture of its first page."""
    made = BytesIO(content)
    with ZipFile(made, "a", ZIP_DEFLATED) as parts:
        parts.writestr(name, cover)
    return made.getvalue()


def xlsx(sheets: dict[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    made = BytesIO()
    book.save(made)
    return made.getvalue()
