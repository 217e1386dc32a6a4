"""One page, open in a browser, and what went wrong on it."""

from pages import BUILT

DEVICES = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
WAIT_FOR_MATHS = "async () => { await window.MathJax?.startup?.promise; }"
THEME = "document.documentElement.dataset.theme"


class Visit:
    """A page of the book, served over http or, without an `address`, opened as a file."""

    def __init__(self, browser, path, *, address=None, device="desktop", maths=True, **options):
        self.root = address or BUILT.as_uri()
        self.problems, self.files = [], set()
        options = {"color_scheme": "light", "reduced_motion": "reduce"} | options
        self.context = browser.new_context(**DEVICES[device], **options)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("console", self._note_message)
        self.page.on("request", self._note_request)
        self.page.on("response", self._note_response)
        if not maths:
            self.page.route("**/mathjax/**", lambda route: route.fulfill(body=""))
        self.page.goto(f"{self.root}/{path}", wait_until="load" if maths else "domcontentloaded")
        if maths:
            self.page.evaluate(WAIT_FOR_MATHS)

    def press_until(self, theme):
        """Press the page's own button until the page is light or dark."""
        for _ in range(3):
            if self.page.evaluate(THEME) != theme:
                self.page.locator(".theme-switch-button").last.click()
        assert self.page.evaluate(THEME) == theme

    def prefer(self, theme):
        """Say that the reader's system is light or dark; the page follows."""
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.page.wait_for_function(f"{THEME} === '{theme}'")

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
        self.context.close()
