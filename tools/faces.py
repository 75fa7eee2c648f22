"""The faces of type that our pages ship: cut by `make faces` from open fonts that packages carry.

Each keeps the letters that papers are written with, and no more: together they are at most MOST_BYTES. Their
names are left out, since a font that was changed may not bear a reserved one.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src/broadsheet/web/static/faces"
MOST_BYTES = 120_000
FONTTOOLS = "fonttools[woff]==4.68.0"
TEXT_PACKAGE, MATHS_PACKAGE = "@expo-google-fonts/source-serif-4@0.4.1", "ziamath==0.13"
MATHS_FONT = "ziamath/fonts/STIXTwoMath-Regular.ttf"
# Copyright, licence and its address stay in a font; what else is in its table of names goes.
NAMES_KEPT = "0,13,14"

# Latin with all its marks, Vietnamese among them, and the signs of running text.
LETTERS = (
    "20-7E A0-AC AE-17F 1A0-1A1 1AF-1B0 1CD-1DC 1E6-1E7 218-21B 2BB-2BC 1EA0-1EF9 2009-2014 2018-201E"
    " 2020-2022 2026 202F 2032-2033 2039-203A 20AC 2122 2190-2193 2212 2248 2264-2265"
)
# Signs, Greek and operators that formulas of abstracts use; then letters in italics, Greek in italics, bold
# letters and digits, script and double-struck capitals.
MATHS = (
    "20-7E A0 AC AF-B1 B7 D7 F7 131 237 2C6-2C7 2D8-2DA 2DC 300-308 30A 30C 332 338 391-3A9 3B1-3C9"
    " 3D1 3D5-3D6 3F0-3F1 3F5 2013-2014 2016 2020-2022 2026 2032-2034 203E 20D7 2102 210B-2113 2115"
    " 2119-211D 2124 2128 212B-2131 2133-2135 2190-2199 21A6 21AA 21CC 21D0-21D4 2200-220B 220F"
    " 2211-2213 2215-221E 2220 2223-222E 2234 2237 223C 2243 2245 2248 224D 2254 2260-226B 2272-2273"
    " 227A-227B 2282-2287 228E-2290 2293-2299 22A2-22A5 22A8 22B2-22B4 22C0-22C6 22C8 22CA 22EE-22F1"
    " 2308-230B 23DE-23DF 25A1 25B3 25CB 2605 266F 2713 27E8-27E9 27F5-27FA 27FC 2A7D-2A7E 2AAF-2AB0"
    " 1D434-1D467 1D6E2-1D71B 1D400-1D433 1D7CE-1D7D7 1D49C-1D4B5 1D538-1D550 1D7D9"
)


def main() -> None:
    """Fetch the packages, cut the faces, and write them with their licence."""
    with tempfile.TemporaryDirectory() as folder:
        text, maths = _text_fonts(Path(folder)), _maths_font(Path(folder))
        for name, face in (("regular", "400Regular"), ("italic", "400Regular_Italic"), ("bold", "700Bold")):
            _cut(text / face / f"SourceSerif4_{face}.ttf", name, LETTERS, features="kern,tnum,liga")
        _cut(maths, "maths", MATHS)
        licence = (text / "LICENSE_FONT").read_text(encoding="utf-8")
    copyright_of_text, _, rest = licence.partition("\n")
    (FOLDER / "LICENSE.txt").write_text(f"{copyright_of_text}\n{_copyright()}\n{rest}", encoding="utf-8")
    size = sum(face.stat().st_size for face in FOLDER.glob("*.woff2"))
    print(f"The faces take {size:,} bytes.")
    if size > MOST_BYTES:
        sys.exit(f"That is more than {MOST_BYTES:,}: take letters out of tools/faces.py.")


def _copyright() -> str:
    return (
        "maths.woff2: Copyright 2001-2020 The STIX Fonts Project Authors (https://github.com/stipub/stixfonts),"
        ' with Reserved Font Name "TM Math".'
    )


def _text_fonts(folder: Path) -> Path:
    """Where the fonts of the text face are, once their package is fetched and unpacked."""
    packed = ["npm", "pack", "--silent", TEXT_PACKAGE]
    name = subprocess.run(packed, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    with tarfile.open(folder / name) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _maths_font(folder: Path) -> Path:
    """The maths font, once the package that carries it is fetched; nothing of its code is run."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    subprocess.run([*pip, MATHS_PACKAGE], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return Path(wheel.extract(MATHS_FONT, folder))


def _cut(font: Path, name: str, letters: str, *, features: str = "") -> None:
    unicodes = ",".join(f"U+{part}" for part in letters.split())
    options = {
        "unicodes": unicodes,
        "layout-features": features,
        "name-IDs": NAMES_KEPT,
        "flavor": "woff2",
        "output-file": str(FOLDER / f"{name}.woff2"),
    }
    command = [
        sys.executable,
        "-m",
        "uv",
        "tool",
        "run",
        "--from",
        FONTTOOLS,
        "fonttools",
        "subset",
        str(font),
    ]
    said = [f"--{option}={value}" for option, value in options.items()]
    subprocess.run([*command, *said, "--no-hinting", "--desubroutinize"], check=True)


if __name__ == "__main__":
    main()
