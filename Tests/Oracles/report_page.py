"""Opens pages in headless Chromium and tells what is there, as JSON: report_page.py SCREENSHOTS PAGE...

Of each page: messages of the console, requests that leave it, width at 360 pixels, captions that are cut, the smallest
letters of charts in windows of all widths, charts with the marks that they say and have, what sorting and hovering do, what is lost in print, what axe-core finds wrong, and how long
it took to load. Screenshots at three widths,
light, dark and printed, go into the folder SCREENSHOTS.
"""

import json
import os
import shutil
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = [360, 800, 1280]
# What axe-core need not look at, and takes minutes for: the thousandth line of a table and point are as the first.
THIN_OUT = "document.querySelectorAll('tbody tr:nth-child(n+30), svg .mark ~ .mark ~ .mark').forEach(e => e.remove())"


def browser_path():
    path = os.environ.get("RHEOBASE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        sys.exit("Chromium is not there: make setup-browser installs it, or name one in RHEOBASE_CHROMIUM")
    return path


def watched(context):
    """A page whose console and requests are listened to."""
    page = context.new_page()
    messages, requests = [], []
    page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (messages.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    return page, messages, requests


CHARTS = """() => [...document.querySelectorAll('figure[data-marks]')].map(figure => ({
  name: figure.dataset.name, said: +figure.dataset.marks, found: figure.querySelectorAll('svg .mark').length,
  crosses: figure.querySelectorAll('svg .mark.cross').length,
  visible: [...figure.querySelectorAll('svg .mark')].filter(m => {
    const b = m.getBoundingClientRect(), f = figure.getBoundingClientRect();
    return b.width + b.height > 0 && b.left >= f.left - 1 && b.right <= f.right + 1;
  }).length,
  label: figure.querySelector('svg').getAttribute('aria-label') ?? '',
  role: figure.querySelector('svg').getAttribute('role')}))"""


def sorting(page):
    """Of each table with numbers: its column of most different ones in each order, and whether aria-sort says it."""
    tables = page.locator("table:has(.sort button)").all()
    return [result for table in tables if (result := sorted_table(page, table))]


def sorted_table(page, table):
    id = table.get_attribute("id")
    column = page.evaluate(
        """id => { const d = JSON.parse(document.getElementById('data').textContent).tables[id];
          const heads = document.getElementById(id).querySelectorAll('thead th').length;
          const kinds = d.columns.slice(0, heads).map((_, i) => new Set(d.rows.map(r => r[i]).filter(v => typeof v === 'number')).size);
          const most = Math.max(...kinds); return most > 1 ? kinds.indexOf(most) : -1; }""",
        id,
    )
    if column < 0:
        return None
    head = table.locator("thead th").nth(column)
    # Of each group between headings; what stands further in belongs to the line above it.
    values = """([id, column]) => { const t = document.getElementById(id), groups = [[]];
      const d = JSON.parse(document.getElementById('data').textContent).tables[id];
      for (const r of t.tBodies[0].rows) {
        if (r.dataset.row === undefined) groups.push([]);
        else if (!r.querySelector('th.deeper')) groups.at(-1).push(d.rows[r.dataset.row][column]);
      }
      return groups; }"""
    result = {"rows": table.locator("tbody tr").count(), "orders": []}
    for _ in range(2):
        head.locator("button").click()
        result["orders"].append({"aria": head.get_attribute("aria-sort"), "values": page.evaluate(values, [id, column])})
    return result


def hovering(page):
    """Of each chart that has marks: what the tip tells over one, with the arrow keys, and after Escape."""
    return [told_of(page, chart) for chart in page.locator("svg.chart:has(.mark)").all()]


# A place where a mark is seen, which others may cover in part: it is scrolled to before.
PLACE = """mark => { const b = mark.getBoundingClientRect(), n = 120;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) {
    const x = b.left + (j + 0.5) * b.width / n, y = b.top + (i + 0.5) * b.height / n;
    if (document.elementFromPoint(x, y) === mark) return [x, y];
  }
  return null; }"""


def told_of(page, chart, tip_only=False):
    # The last one: nothing is drawn over it.
    mark = chart.locator(".mark").last
    chart.scroll_into_view_if_needed()
    # Scrolling hides the tip, and its event comes with the next frames.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))")
    told = mark.locator("title").text_content()
    place = mark.evaluate(PLACE)
    if place:
        page.mouse.move(*place)
    tip = page.locator("#tip")
    result = {"told": told, "tip": tip.text_content(), "visible": tip.is_visible()}
    if tip_only:
        return result
    page.mouse.move(0, 0)
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    result["key"] = tip.text_content()
    page.keyboard.press("Escape")
    result["hidden"] = not tip.is_visible()
    result["kept"] = page.evaluate("[...document.querySelectorAll('.mark')].every(mark => mark.querySelector('title'))")
    return result


# Seven more marks over the last one of a chart, as equal points are.
STACK = """mark => { for (let i = 1; i <= 7; i++) {
    const other = mark.cloneNode(true);
    other.querySelector('title').textContent = `stacked ${i}`;
    mark.after(other);
  } }"""
UNSTACK = "document.querySelectorAll('.mark').forEach(m => m.textContent.startsWith('stacked ') && m.remove())"


def stacked(page):
    """What the tip tells over eight points in one place."""
    chart = page.locator("svg.chart:has(.mark)").first
    if chart.count() == 0:
        return None
    chart.locator(".mark").last.evaluate(STACK)
    text = told_of(page, chart, tip_only=True)["tip"]
    page.mouse.move(0, 0)
    page.evaluate(UNSTACK)
    return text


# Captions of tables of which a part is beyond the box or the window.
CUT_CAPTIONS = """() => [...document.querySelectorAll('table')].filter(table => {
    const caption = document.getElementById(table.getAttribute('aria-labelledby')) ?? table.caption;
    const texts = document.createRange();
    texts.selectNodeContents(caption);
    const box = table.parentElement.parentElement.getBoundingClientRect(), text = texts.getBoundingClientRect();
    return !caption.textContent || text.left < box.left - 1 || text.right > Math.min(box.right, innerWidth) + 1;
  }).map(table => table.id)"""
# The smallest letters of charts, in pixels.
LETTERS = """() => Math.min(...[...document.querySelectorAll('svg.chart text')].map(text => {
    const svg = text.ownerSVGElement;
    return parseFloat(getComputedStyle(text).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  }), 99)"""
# Whether each chart that is wider than its figure can be scrolled there, with a shadow where more is out of sight.
SCROLLS = """() => [...document.querySelectorAll('.chart-figure')].every(figure => {
    const style = getComputedStyle(figure);
    return figure.scrollWidth <= figure.clientWidth || style.overflowX === 'auto' && style.backgroundImage !== 'none';
  })"""
# Narrow windows, and those between which the layout changes: of 600, 791 and 860 pixels.
LETTER_WIDTHS = [240, 320, 360, 600, 601, 791, 792, 800, 860, 861, 1280]


def letters(page):
    """The smallest letters of charts by the width of the window, and whether charts beyond their box can be scrolled."""
    smallest, scrolls = {}, True
    for width in LETTER_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        smallest[f"{width}"] = page.evaluate(LETTERS)
        scrolls = scrolls and page.evaluate(SCROLLS)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return {"smallest": smallest, "scrolls": scrolls}


# Between margins of 10 mm: an upright A4, and a Letter on its side, in pixels.
PAPER = {"auto": 718, "wide": 979}
TOO_WIDE = """([page, width]) => [...document.querySelectorAll('table')].filter(table =>
    getComputedStyle(table.parentElement.parentElement).page === page &&
    (table.getBoundingClientRect().right > width + 1 || table.scrollWidth > width + 1)).map(table => table.id)"""
# Heads that Chromium would leave out on the following pages.
LONE_HEADS = """() => [...document.querySelectorAll('table')].filter(table =>
    getComputedStyle(table.tHead).breakInside !== 'avoid' ||
    [...table.tHead.querySelectorAll('button')].some(button => button.getClientRects().length)).map(table => table.id)"""
FOLDED = """() => { const folded = () => document.querySelectorAll('details:not([open])').length;
  const counts = [folded()];
  for (const event of ['beforeprint', 'afterprint']) { dispatchEvent(new Event(event)); counts.push(folded()); }
  return counts; }"""


def printed(page):
    """Of a page as it is printed: tables that leave the paper, heads that are not repeated, and what stays folded."""
    too_wide = []
    for name, width in PAPER.items():
        page.set_viewport_size({"width": width, "height": 900})
        too_wide += page.evaluate(TOO_WIDE, [name, width])
    page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    return {"too_wide": too_wide, "lone_heads": page.evaluate(LONE_HEADS), "folded": page.evaluate(FOLDED)}


def downloads(page):
    """The text of the first table's CSV."""
    button = page.locator("button[data-table]").first
    if button.count() == 0:
        return None
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def look(browser, path, folder):
    whole = path.stat().st_size < 1_500_000  # of a table of 1000 lines in print the beginning will do
    name = path.parent.name if path.stem == "report" else path.stem
    result = {"page": path.name, "bytes": path.stat().st_size, "overflow": {}}
    for width in WIDTHS:
        for scheme in ["light", "dark"] if width == WIDTHS[-1] else ["light"]:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
            page, messages, requests = watched(context)
            page.goto(path.as_uri())
            result["overflow"][f"{width}"] = page.evaluate("document.documentElement.scrollWidth") - width
            result.setdefault("cut_captions", []).extend(page.evaluate(CUT_CAPTIONS))
            if width == WIDTHS[0]:
                result["letters"] = letters(page)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            if (width, scheme) == (WIDTHS[-1], "light"):
                result["seconds"] = page.evaluate(
                    "() => performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
                result["charts"] = page.evaluate(CHARTS)
                result["hover"] = hovering(page)
                result["stacked"] = stacked(page)
                result["sort"] = sorting(page)
                result["csv"] = downloads(page)
                result["pictures"] = page.locator("main img").count()
                result["pictures_drawn"] = page.evaluate(
                    "[...document.querySelectorAll('main img')].filter(i => i.complete && i.naturalWidth && i.alt).length")
                page.emulate_media(media="print", color_scheme="dark")
                # In print no table is left out as not in view.
                result["text"] = page.evaluate("document.body.innerText")
                page.screenshot(path=folder / f"{name}-print.png", full_page=whole)
                result["printed"] = printed(page)
                result["print_paper"] = page.evaluate("getComputedStyle(document.body).backgroundColor")
            if width == WIDTHS[-1]:
                page.emulate_media(media="screen", color_scheme=scheme)
                page.evaluate(THIN_OUT)
                axe = Axe().run(page).response["violations"]
                result[f"axe_{scheme}"] = [
                    f"{v['id']}: {v['nodes'][0]['html'][:200]} ({len(v['nodes'])})" for v in axe]
            result.setdefault("messages", []).extend(messages)
            result.setdefault("requests", []).extend(r for r in requests if not r.startswith(("file:", "data:", "blob:")))
            context.close()
    plain = browser.new_context(viewport={"width": 800, "height": 900}, java_script_enabled=False)
    page, messages, _ = watched(plain)
    page.goto(path.as_uri())
    result["without_script"] = page.locator("table tbody tr").count()
    result["buttons_without_script"] = page.locator("button:visible").count()
    plain.close()
    return result


def main():
    folder, pages = Path(sys.argv[1]), [Path(name).resolve() for name in sys.argv[2:]]
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        print(json.dumps([look(browser, page, folder) for page in pages]))
        browser.close()


main()
