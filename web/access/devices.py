"""What a browser calls itself in, a name that its owner knows it by out."""

from __future__ import annotations

# The first that is found: an Edge also calls itself Chrome, a Chrome Safari.
BROWSERS = (
    ("Edg", "Edge"), ("QQBrowser", "QQ 浏览器"), ("360SE", "360 浏览器"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Windows", "Windows"), ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("Android", "Android"),
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """Return a User-Agent as a person would say it (Chrome · Windows), "" for one that is no browser's."""
    found = [next((name for mark, name in marks if mark in agent), None) for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in found if name) if found[0] else ""
