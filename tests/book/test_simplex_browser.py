"""The draggable simplex on a page of its own, from a file, under mouse, finger and keyboard."""

import re

import gates
import numpy as np
import pytest
from visit import DEVICES, window

from mirrorbook.widgets import SimplexExplorer
from mirrorbook.widgets.simplex.explorer import CONTOURS, DISTANCES, DRIFTS

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Simplex</title>
<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark}
body{font:16px sans-serif;margin:1rem;background:Canvas;color:CanvasText}</style></head>
<body><main><h1>Simplex</h1>%s</main></body></html>"""
START = {"old": [0.4, 0.35, 0.25], "q": [-0.5, 0.2, 0.5], "drift": "KLOldNew", "ball": "KLOldNew"}
OTHER = {"old": [0.2, 0.3, 0.5], "q": [0.6, -0.2, 0.1], "drift": "TVSquared", "weight": 0.5}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page with two explorers."""
    path = tmp_path_factory.mktemp("simplex") / "page.html"
    both = SimplexExplorer(**START).html + SimplexExplorer(("l", "m", "r"), **OTHER).html
    path.write_text(PAGE % both, encoding="utf-8")
    return path.as_uri()


class Hand:
    """The page in one mode, and the first explorer of it."""

    def __init__(self, browser, address, device="desktop", theme="light", **options):
        self.page = window(browser, device, **options)
        self.page.emulate_media(media="null", color_scheme=theme)
        self.problems = []
        self.page.on("pageerror", self._note)
        self.page.on("console", self._note)
        self.page.goto(address)
        self.explorer = self.page.locator("main > .mb-simplex").first
        self.handle = self.explorer.locator(".mb-handle")
        self.svg = self.explorer.locator(".mb-left svg")

    def __enter__(self):
        return self

    def _note(self, problem):
        self.problems.append(str(problem))

    def __exit__(self, *exception):
        for event in ("pageerror", "console"):
            self.page.remove_listener(event, self._note)
        if exception == (None, None, None):
            assert self.problems == []

    def settle(self):
        """Let one frame pass: then everything has to be drawn."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def policy(self, mark):
        """The policy that a mark stands for, (3,)."""
        text = self.explorer.locator(mark).get_attribute("data-policy")
        return np.array(text.split(","), dtype=float)

    def middle(self, mark):
        """Where a mark is on the screen."""
        box = self.explorer.locator(mark).bounding_box()
        return np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])

    def place(self, p):
        """Where a policy is on the screen."""
        box = self.svg.bounding_box()
        _, b, c = p
        x, y = 18.8 + 200 * (b + c / 2), 40 + 100 * np.sqrt(3) * (1 - c)
        return np.array([box["x"], box["y"]]) + np.array([x, y]) * box["width"] / 237.6

    def says(self):
        return self.explorer.locator(".mb-says").inner_text()

    def check(self, **state):
        """The picture shows what the package computes: numbers, marks and words."""
        self.settle()
        old = self.policy(".mb-handle")
        expected = SimplexExplorer(**(START | state | {"old": old}))
        np.testing.assert_allclose(self.policy("circle.mb-ink"), expected.new, atol=1e-9)
        for mark, p in ((".mb-old", old), ("circle.mb-ink", expected.new)):
            np.testing.assert_allclose(self.middle(mark), self.place(p), atol=0.5)
        numbers = re.compile(r"\d+\.\d+")  # one between two roundings may go either way
        said, words = self.says(), expected.describe()
        assert numbers.sub("", said) == numbers.sub("", words)
        pairs = zip(numbers.findall(said), numbers.findall(words), strict=True)
        assert all(abs(float(one) - float(other)) < 0.0011 for one, other in pairs)
        spoken = self.handle.get_attribute("aria-valuetext")
        assert self.says().startswith(f"Old policy: {spoken}.")


def test_it_starts_as_the_package_says(browser, address):
    with Hand(browser, address) as hand:
        hand.check()
        np.testing.assert_array_equal(hand.policy(".mb-handle"), START["old"])


def test_arrow_keys_move_the_old_policy(browser, address):
    moves = {
        "ArrowRight": [-0.01, 0.01, 0],
        "ArrowLeft": [0.01, -0.01, 0],
        "ArrowUp": [-0.005, -0.005, 0.01],
        "ArrowDown": [0.005, 0.005, -0.01],
        "Shift+ArrowUp": [-0.025, -0.025, 0.05],
    }
    with Hand(browser, address) as hand:
        hand.handle.focus()
        ring = "getComputedStyle(document.querySelector('.mb-focus')).stroke"
        hand.page.keyboard.press("Shift")  # a key has been used: the focus is shown
        assert hand.page.evaluate(ring) != "none"
        for key, way in moves.items():
            before, said = hand.policy(".mb-handle"), hand.says()
            hand.page.keyboard.press(key)
            hand.check()
            np.testing.assert_allclose(hand.policy(".mb-handle"), before + way, atol=0.0011)
            assert hand.says() != said
        for _ in range(25):
            hand.page.keyboard.press("Shift+ArrowDown")
        hand.check()
        assert hand.policy(".mb-handle")[2] == pytest.approx(0.01, abs=0.0011)
        hand.page.keyboard.press("Home")
        hand.check()
        np.testing.assert_allclose(hand.policy(".mb-handle"), 1 / 3, atol=0.001)
        assert hand.page.evaluate("scrollY") == 0


def test_the_mouse_drags_the_old_policy(browser, address):
    with Hand(browser, address) as hand:
        hand.page.mouse.move(*hand.middle(".mb-old"))
        hand.page.mouse.down()
        for p in ([0.2, 0.6, 0.2], [0.1, 0.2, 0.7], [0.6, 0.2, 0.2]):
            hand.page.mouse.move(*hand.place(p), steps=5)
            hand.check()
            np.testing.assert_allclose(hand.policy(".mb-handle"), p, atol=0.005)
            assert hand.explorer.locator(".mb-says").get_attribute("aria-busy") == "true"
        hand.page.mouse.move(5, 5)  # outside
        hand.check()
        assert hand.policy(".mb-handle").min() == pytest.approx(0.01, abs=0.0011)
        hand.page.mouse.up()
        assert hand.explorer.locator(".mb-says").get_attribute("aria-busy") is None
        rest = hand.policy(".mb-handle")
        hand.page.mouse.move(*hand.place([1 / 3, 1 / 3, 1 / 3]))
        hand.settle()
        np.testing.assert_array_equal(hand.policy(".mb-handle"), rest)


def test_a_tap_brings_the_old_policy_there(browser, address):
    with Hand(browser, address, "phone") as hand:
        hand.page.touchscreen.tap(*hand.place([0.7, 0.1, 0.2]))
        hand.check()
        np.testing.assert_allclose(hand.policy(".mb-handle"), [0.7, 0.1, 0.2], atol=0.005)


def test_a_finger_drags_the_handle_and_scrolls_the_rest(browser, address):
    with Hand(browser, address, "phone") as hand:
        touch = hand.page.context.new_cdp_session(hand.page)

        def swipe(start, end):
            for kind, share in [("Start", 0), *(("Move", i / 8) for i in range(1, 9)), ("End", 1)]:
                x, y = start + share * (end - start)
                points = [] if kind == "End" else [{"x": x, "y": y}]
                given = {"type": f"touch{kind}", "touchPoints": points}
                touch.send("Input.dispatchTouchEvent", given)

        swipe(hand.middle(".mb-old"), hand.place([0.15, 0.15, 0.7]))
        hand.check()
        np.testing.assert_allclose(hand.policy(".mb-handle"), [0.15, 0.15, 0.7], atol=0.01)
        assert hand.page.evaluate("scrollY") == 0
        before = hand.policy(".mb-handle")
        corner = hand.place([0.9, 0.05, 0.05])
        swipe(corner, corner - [0, 150])
        hand.page.wait_for_function("scrollY > 50")
        np.testing.assert_array_equal(hand.policy(".mb-handle"), before)


def test_every_control_does_what_the_package_says(browser, address):
    with Hand(browser, address) as hand:
        choice, slide = hand.explorer.locator("select"), hand.explorer.locator("input")
        state = {}
        for drift in DRIFTS:
            choice.nth(0).select_option(drift)
            hand.check(drift=drift)
            assert slide.nth(0).is_disabled() == (drift == "Zero")
        choice.nth(0).select_option("L2Squared")
        state["drift"] = "L2Squared"
        for key, weight in (("Home", 0.05), ("End", 5.0)):
            slide.nth(0).press(key)
            state["weight"] = weight
            hand.check(**state)
        for ball in (*DISTANCES, None):
            choice.nth(1).select_option(ball or "")
            hand.check(**state, ball=ball)
            assert slide.nth(1).is_disabled() == (ball is None)
        choice.nth(1).select_option("TVSquared")
        state["ball"] = "TVSquared"
        hand.check(**state)
        for key, radius in (("End", 1.0), ("Home", 0.001)):
            slide.nth(1).press(key)
            state["radius"] = radius
            hand.check(**state)
        q = START["q"]
        for a in range(3):
            for key, value in (("Home", -1.0), ("End", 1.0)):
                slide.nth(2 + a).press(key)
                q = [*q[:a], value, *q[a + 1 :]]
                hand.check(**state, q=q)
        assert hand.says().endswith("to three digits. TV² is 0.000, within the radius 0.001.")


def test_level_lines_come_and_go(browser, address):
    with Hand(browser, address) as hand:
        lines = {"objective F": ".mb-objective", "drift D": ".mb-drift"}
        for contours in CONTOURS:
            hand.explorer.locator("select").nth(2).select_option(contours)
            hand.settle()
            for name, path in lines.items():
                drawn = hand.explorer.locator(path).get_attribute("d")
                assert bool(drawn) == (contours in ("both", name))


def test_level_lines_are_where_the_values_are(browser, address):
    with Hand(browser, address) as hand:
        explorer = SimplexExplorer(**START)
        problem = explorer.problem
        for path, levels in ((".mb-nothing", [0]), (".mb-objective", np.arange(-10, 21) / 10)):
            drawn = hand.explorer.locator(path).get_attribute("d")
            xy = np.array(re.findall(r"[ML](\S+) ([^MLZ]+)", drawn), dtype=float)
            c = 1 - (xy[:, 1] - 40) / (100 * np.sqrt(3))
            b = (xy[:, 0] - 18.8) / 200 - c / 2
            p = np.stack([1 - b - c, b, c], axis=1)
            p = p[(p > 0.08).all(axis=1)]
            assert len(p) > 40
            f = np.array([problem.objective(row[None]) for row in p])
            off = np.abs(f[:, None] - levels).min(axis=1)
            assert off.max() < 0.01


def test_the_second_explorer_is_another_one(browser, address):
    with Hand(browser, address) as hand:
        said = hand.says()
        other = hand.page.locator("main > .mb-simplex").nth(1)
        other.locator(".mb-handle").press("ArrowUp")
        hand.settle()
        assert hand.says() == said
        hand.explorer, hand.handle = other, other.locator(".mb-handle")
        hand.svg = other.locator(".mb-left svg")
        np.testing.assert_allclose(hand.policy(".mb-handle"), [0.195, 0.295, 0.51], atol=1e-9)
        hand.check(**OTHER, actions=("l", "m", "r"), ball=None)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_it_fits_and_is_accessible(browser, address, device, theme):
    with Hand(browser, address, device, theme) as hand:
        assert hand.page.evaluate(gates.OVERFLOWS) == []
        right = hand.page.evaluate("innerWidth")
        for part in hand.page.locator("main select, main input, main svg").all():
            box = part.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= right
        hand.page.evaluate(gates.AXE)
        assert hand.page.evaluate(gates.RUN_AXE, {"runOnly": gates.WCAG}) == []


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False}], ids=["live", "still"])
def test_it_can_be_printed_and_read_without_scripts(browser, address, options):
    with Hand(browser, address, **options) as hand:
        hand.page.emulate_media(media="print")
        assert hand.explorer.locator("svg:visible").count() == 1
        assert hand.explorer.locator("select:visible, input:visible").count() == 0
        assert hand.says() == SimplexExplorer(**START).describe()


# Milliseconds from the start of a frame to the end of the drawing in it, reported and not judged;
# the shortest of many, since others were lengthened by something else that ran on this machine.
SHORTEST_FRAME = """async (handle) => {
  let shortest = Infinity;
  for (let i = 0; i < 60; i++) {
    const key = ["ArrowUp", "ArrowRight", "ArrowDown", "ArrowLeft"][i % 4];
    const before = handle.dataset.policy;
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const end = await new Promise((go) => requestAnimationFrame(() => go(performance.now())));
    if (handle.dataset.policy === before) return "not drawn in the next frame";
    shortest = Math.min(shortest, end - document.timeline.currentTime);
  }
  return shortest;
}"""


def test_a_move_is_drawn_in_the_next_frame(browser, address, record_property):
    with Hand(browser, address) as hand:
        took = hand.handle.evaluate(SHORTEST_FRAME)
        assert isinstance(took, float | int), took
        record_property("ms until the simplex is drawn", took)
