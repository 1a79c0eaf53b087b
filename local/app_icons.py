"""Draw the icons of the installed portal from static/img/favicon.svg: python -m local.app_icons."""

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from local import browser

IMAGES = Path(__file__).resolve().parent.parent / "static/img"
PAPER = "#f1f3f0"
# name → (pixels, share of the side that the drawing takes: a mask cuts what lies beyond 80 %)
ICONS = {"app-192": (192, 1.0), "app-512": (512, 1.0), "app-maskable-512": (512, 0.66)}


def main() -> None:
    drawing = re.sub(r"<svg ", '<svg style="width:100%;height:100%" ', (IMAGES / "favicon.svg").read_text())
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=["--no-sandbox"])
        for name, (side, share) in ICONS.items():
            page = chromium.new_page(viewport={"width": side, "height": side})
            ground = PAPER if share < 1 else "transparent"
            box = f"width:{share * 100}vw;height:{share * 100}vw"
            body = f"margin:0;display:grid;place-items:center;height:100vh;background:{ground}"
            page.set_content(f'<body style="{body}"><div style="{box}">{drawing}</div></body>')
            page.screenshot(path=IMAGES / f"{name}.png", omit_background=True)
        chromium.close()


if __name__ == "__main__":
    main()
