"""The icons of an installed chat are drawn from `mark.svg`: `python -m node.web.draw_icons`."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from node.web.static_files import FOLDER

MARK: Final = FOLDER / "mark.svg"
# The side of the drawing, in its own units.
SIDE: Final = 64
# Each pixel is drawn as so many squared, and each curve as so many dots.
FINER: Final = 4
DOTS: Final = 120
# What a system cuts out of an icon leaves at least a circle of 80 % of its side.
SAFE: Final = 0.8

Point = tuple[float, float]


def draw(side: int, *, is_maskable: bool) -> Image.Image:
    """The mark as a square picture.

    Args:
        side: In pixels.
        is_maskable: Whether the system cuts out its own shape: the ground reaches every corner.
    """
    source = MARK.read_text()
    (ground, line), width = re.findall(r"#[0-9a-f]{6}", source), _number(source, "stroke-width")
    nothing = (0, 0, 0, 0)
    sheet = Image.new("RGBA", (side * FINER,) * 2, ground if is_maskable else nothing)
    brush = ImageDraw.Draw(sheet)
    whole = side * FINER / SIDE
    if not is_maskable:
        edge = side * FINER - 1
        brush.rounded_rectangle((0, 0, edge, edge), _number(source, "rx") * whole, fill=ground)
    scale = whole * (SAFE if is_maskable else 1)
    margin = (side * FINER - SIDE * scale) / 2
    radius = width * scale / 2
    for x, y in _dots(source):
        centre = (margin + x * scale, margin + y * scale)
        brush.circle(centre, radius, fill=line)
    return sheet.resize((side, side), Image.Resampling.BOX)


def _number(source: str, name: str) -> float:
    found = re.search(rf'\b{name}="([\d.]+)"', source)
    if found is None:
        raise ValueError(f"the mark has no {name}")
    return float(found[1])


def _dots(source: str) -> Iterator[Point]:
    """Every point of the mark's lines: paths of one `M` and one `c`, as they stand there."""
    for path in re.findall(r'<path d="M([^"]+)"', source):
        start, _, curves = path.partition("c")
        numbers = [float(each) for each in re.findall(r"-?\d*\.?\d+", curves)]
        here = _point(re.findall(r"-?\d*\.?\d+", start))
        for at in range(0, len(numbers), 6):
            corners = [here, *(_moved(here, numbers[at + i : at + i + 2]) for i in (0, 2, 4))]
            yield from (_on_curve(corners, step / DOTS) for step in range(DOTS + 1))
            here = corners[-1]


def _point(words: Sequence[str]) -> Point:
    x, y = map(float, words)
    return x, y


def _moved(here: Point, by: Sequence[float]) -> Point:
    return here[0] + by[0], here[1] + by[1]


def _on_curve(corners: Sequence[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x = sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True))
    y = sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True))
    return x, y


# File name: side, and whether the system cuts out its own shape.
ICONS: Final = {
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "icon-maskable-512.png": (512, True),
}


def main(folder: Path = FOLDER / "icons") -> None:
    """Write the files."""
    for name, (side, is_maskable) in ICONS.items():
        draw(side, is_maskable=is_maskable).save(folder / name, optimize=True)


if __name__ == "__main__":
    main()
