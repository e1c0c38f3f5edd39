#!/usr/bin/env python3
"""Makes the page's font from Inter: fewer characters, figures of one width, quadratic outlines.

    PYTHONPATH=.toolchain/fonttools python3 tools/fonts/subset_inter.py Inter-Regular.otf inter-regular.ttf

Dear ImGui draws glyphs one by one: it applies no OpenType feature, so that the tabular figures a column of scores needs
must be the default ones. Layout tables are dropped for the same reason. The outlines become TrueType's, which every
rasteriser reads; the largest deviation is stated below. The same input gives the same bytes.
"""
import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

# Basic Latin, Latin-1, Latin Extended-A: file names and messages in most languages written with Latin letters.
RANGES = [(0x20, 0x7E), (0xA0, 0x17F)]
# Signs of the page: punctuation, arithmetic, arrows, shapes of a finding's state, keys.
SIGNS = "–—‘’“”…•‹›−×±·°²µ≈≤≥√→←↑↓↺↻▲△▶◀◇◆●○✓⌘⇧⌥⌃⎋⏎"
# In font units, of 2048 to the em: at 40 device pixels to the em, less than a hundredth of a pixel.
LARGEST_DEVIATION = 0.5


def substitutions(font, feature):
    """The single substitutions of an OpenType feature, glyph to glyph."""
    table = font["GSUB"].table
    lookups = {i for record in table.FeatureList.FeatureRecord if record.FeatureTag == feature
               for i in record.Feature.LookupListIndex}
    mapping = {}
    for index in lookups:
        for subtable in table.LookupList.Lookup[index].SubTable:
            mapping.update(getattr(subtable, "ExtSubTable", subtable).mapping)
    return mapping


def make_figures_tabular(font):
    tabular = substitutions(font, "tnum")
    for table in font["cmap"].tables:
        for digit in range(ord("0"), ord("9") + 1):
            if digit in table.cmap:
                # Tables may share one mapping: a figure already exchanged stays.
                table.cmap[digit] = tabular.get(table.cmap[digit], table.cmap[digit])
    widths = {font["hmtx"][font.getBestCmap()[digit]][0] for digit in range(ord("0"), ord("9") + 1)}
    if len(widths) != 1:
        raise SystemExit(f"figures of {len(widths)} widths remain: {sorted(widths)}")


def make_outlines_quadratic(font):
    glyphs = font.getGlyphSet()
    glyf = newTable("glyf")
    glyf.glyphOrder = font.getGlyphOrder()
    glyf.glyphs = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, LARGEST_DEVIATION, reverse_direction=True))
        glyf.glyphs[name] = pen.glyph()
    font["glyf"] = glyf
    font["loca"] = newTable("loca")
    del font["CFF "]
    for name, glyph in glyf.glyphs.items():
        glyph.recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):
        setattr(maxp, field, 1 if field == "maxZones" else 0)
    font["head"].glyphDataFormat = 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


def main(source, target):
    font = TTFont(source, recalcTimestamp=False)
    wanted = {code for first, last in RANGES for code in range(first, last + 1)} | {ord(sign) for sign in SIGNS}
    absent = [chr(code) for code in map(ord, SIGNS) if code not in font.getBestCmap()]
    if absent:
        raise SystemExit(f"{source} has no {' '.join(absent)}")
    make_figures_tabular(font)

    options = subset.Options()
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]  # copyright, names, licence
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)

    make_outlines_quadratic(font)
    font.save(target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
