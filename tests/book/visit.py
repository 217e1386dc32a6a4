"""One page, open in a browser, and what went wrong on it."""

from functools import cache

from chromium import WAIT_FOR_MATHS
from pages import BUILT

DEVICES = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
PARSED = "document.readyState !== 'loading'"
THEME = "document.documentElement.dataset.theme"
# A moment after the page has changed, the theme lets the keyboard scroll what overflows.
REACHABLE = """() => [...document.querySelectorAll("main [tabindex]")].every(e =>
  e.tabIndex === 0 || (e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight))"""


@cache
def window(browser, device, **options):
    """A reader's window, kept: to open one costs the browser as much as to load a page."""
    return browser.new_context(**DEVICES[device], **options).new_page()


class Visit:
    """A page of the book, served over http or, without an `address`, opened as a file.

    Without `maths` MathJax does not answer until `set_maths`.
    """

    def __init__(self, browser, path, *, address=None, device="desktop", maths=True, **options):
        self.root = address or BUILT.as_uri()
        self.problems, self.files, self.held = [], set(), []
        options = {"color_scheme": "light", "reduced_motion": "reduce"} | options
        self.page = window(browser, device, **options)
        scheme, motion = options["color_scheme"], options["reduced_motion"]
        self.page.emulate_media(color_scheme=scheme, reduced_motion=motion)
        self.hold(device)
        self.listeners = {
            "pageerror": self._note_error,
            "console": self._note_message,
            "request": self._note_request,
            "response": self._note_response,
        }
        for event, listener in self.listeners.items():
            self.page.on(event, listener)
        if not maths:
            self.page.route("**/mathjax/**", lambda route: self.held.append(route))
        self.page.goto(f"{self.root}/{path}", wait_until="load" if maths else "commit")
        self.page.evaluate(WAIT_FOR_MATHS) if maths else self.page.wait_for_function(PARSED)

    def set_maths(self):
        """Let MathJax come, and wait until all formulas are set."""
        for route in self.held:
            route.continue_()
        self.page.unroute("**/mathjax/**")
        self.page.wait_for_load_state("load")
        self.page.evaluate(WAIT_FOR_MATHS)

    def hold(self, device):
        """Give the window the size that it has on a device."""
        self.page.set_viewport_size(DEVICES[device]["viewport"])

    def settle(self):
        """Wait until the page has taken notice of the window's size."""
        self.page.wait_for_function(REACHABLE)

    def press_until(self, theme):
        """Press the page's own button until the page is light or dark."""
        for _ in range(3):
            if self.page.evaluate(THEME) != theme:
                self.page.locator(".theme-switch-button:visible").last.click()
        assert self.page.evaluate(THEME) == theme

    def prefer(self, theme):
        """Say that the reader's system is light or dark; the page follows."""
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.page.wait_for_function(f"{THEME} === '{theme}'")

    def _note_error(self, error):
        self.problems.append(f"error: {error}")

    def _note_message(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _note_request(self, request):
        if request.url.startswith(self.root):
            self.files.add(request.url.removeprefix(self.root).partition("?")[0].strip("/"))
        elif not request.url.startswith(("data:", "blob:")):
            self.problems.append(f"outside request: {request.url}")

    def _note_response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        """Leave the page, and nothing behind."""
        self.page.evaluate("localStorage.clear()")
        for event, listener in self.listeners.items():
            self.page.remove_listener(event, listener)
        self.page.unroute_all()
        self.page.goto("about:blank")
