"""The look as tokens: colours for light and dark, spacing, radii, type sizes. All that is drawn takes its values here."""

from __future__ import annotations

from dataclasses import dataclass

SPACE = (4, 8, 12, 16, 24, 32, 48)
RADIUS_SMALL, RADIUS_MEDIUM, RADIUS_LARGE = 6, 10, 16
COLUMN_WIDTH = 744


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours of one scheme, as #RRGGBB. Cloud is amber, local is the accent; a word stands beside either colour."""

    name: str
    background: str
    sidebar: str
    surface: str
    raised: str
    hover: str
    active: str
    border: str
    strong_border: str
    control_border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    cloud: str
    cloud_soft: str
    danger: str
    selection: str
    bubble: str
    code: str

    @property
    def dark(self) -> bool:
        return self.name == "dark"


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Sizes in pixels at 100 %."""

    caption: int = 12
    interface: int = 13
    body: int = 15
    h3: int = 16
    h2: int = 18
    h1: int = 22
    code: int = 13


LIGHT = Tokens(
    name="light",
    background="#FFFFFF",
    sidebar="#F6F5F2",
    surface="#FBFAF8",
    raised="#FFFFFF",
    hover="#EDEBE6",
    active="#E4E1DA",
    border="#E5E2DB",
    strong_border="#D3CFC6",
    control_border="#8A857B",
    text="#1D1C1A",
    muted="#66625B",
    accent="#0B6E5B",
    on_accent="#FFFFFF",
    accent_soft="#E0F0EB",
    cloud="#8A4B0F",
    cloud_soft="#FBEBDC",
    danger="#B42318",
    selection="#BFE3D9",
    bubble="#F1EFEA",
    code="#F7F6F3",
)

DARK = Tokens(
    name="dark",
    background="#181817",
    sidebar="#1F1F1D",
    surface="#20201E",
    raised="#262624",
    hover="#2C2C29",
    active="#353531",
    border="#373733",
    strong_border="#4C4C45",
    control_border="#78786F",
    text="#ECEAE4",
    muted="#A8A49B",
    accent="#5CC7AC",
    on_accent="#0C1F1A",
    accent_soft="#1D322C",
    cloud="#F0B27A",
    cloud_soft="#3A2B1C",
    danger="#F97066",
    selection="#2B5A4E",
    bubble="#2A2A27",
    code="#1F1F1D",
)
