package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	rowsShown = `document.querySelectorAll(".view:not([hidden]) .list .row").length`
	allRows   = `Number(document.querySelector(".view:not([hidden]) .list .row")?.getAttribute("aria-setsize") ?? 0)`
)

func TestPageOpensWithoutNetworkOrErrors(t *testing.T) {
	b := open(t, scanned(t), circumstances{})
	for _, hash := range []string{"#overview", "#pairs", "#pairs?p=3", "#pairs?p=3&aligned=1", "#groups", "#groups?g=1", "#nonsense?p=zz&min=x", "#pairs?p=99999&rel=no"} {
		b.do(`location.hash = "` + hash + `"`)
		b.wait(`document.querySelectorAll(".view:not([hidden])").length === 1`)
	}
	if n := ask[int](b, `document.querySelectorAll("#overview .chart svg, #overview .matrix table").length`); n != 5 {
		t.Errorf("%d charts, want 5", n)
	}
}

func TestHostileTextsAreShownAndNothingElse(t *testing.T) {
	b := open(t, scanned(t), circumstances{hash: "#pairs?q=%22ferry+aur%C3%A9lie%22"})
	b.wait(allRows + " === 1")
	b.click("#pair-list .row")
	b.wait(`document.querySelector("#pair .passage")`)
	shown := ask[string](b, `document.querySelector("#pair .text").textContent`)
	for _, part := range []string{"</script><script>window.owned = 1</script>", `<img src=x onerror="window.owned = 2">`, "${alert(1)}", "🚢", "&amp;"} {
		if !strings.Contains(shown, part) {
			t.Errorf("the text lacks %q: %q", part, shown)
		}
	}
	if strings.ContainsAny(shown, "\u202e\x00") {
		t.Error("the text may steer how it is shown")
	}
	if ask[bool](b, `"owned" in window || document.images.length > 0 || [...document.links].some((a) => !/^(#|file:|https?:)/.test(a.href))`) {
		t.Error("a text became markup or script")
	}
	passage := ask[string](b, `[...document.querySelectorAll('#pair .passage[data-side="0"]')].find((p) => p.textContent.includes("ran aground")).textContent`)
	if passage != "The ferry Aurélie 🚢 ran aground off Groix on Monday with 214 passengers on board, the coast guard said." {
		t.Errorf("passage %q", passage)
	}
	if m := ask[string](b, `[...document.querySelectorAll("#pair .columns .m2")].map((m) => m.textContent).join()`); m != "214,215" {
		t.Errorf("numbers that differ: %q", m)
	}
}

func TestFiltersNarrowTheList(t *testing.T) {
	b := open(t, scanned(t), circumstances{hash: "#pairs"})
	b.wait(allRows + " > 50")
	all := ask[int](b, allRows)
	b.click("#rel-translation")
	b.wait(fmt.Sprintf("%s > 0 && %s < %d", allRows, allRows, all))
	if ask[bool](b, `[...document.querySelectorAll("#pair-list .chip")].some((c) => c.dataset.relation !== "translation")`) {
		t.Error("other relations than the one chosen are listed")
	}
	b.click("#rel-exact")
	b.wait(`document.querySelector("#pair-list .chip[data-relation=exact]") && location.hash.includes("translation%2Cexact")`)
	b.do(`const s = document.querySelector("#lang"); s.value = "en-fr"; s.dispatchEvent(new Event("change"))`)
	b.wait(`location.hash.includes("lang=en-fr") && !document.querySelector("#pair-list .chip[data-relation=exact]")`)
	b.do(`const s = document.querySelector("#min"); s.value = "0.9999"; s.dispatchEvent(new Event("change"))`)
	b.wait(`location.hash.includes("min=0.9999")`)
	if few := ask[int](b, allRows); few == 0 || few >= all {
		t.Errorf("%d of %d rows", few, all)
	}
	b.click("#pair-found button")
	b.wait(allRows + " === " + ask[string](b, `document.querySelector("[data-count=pairs]").textContent`))
	b.do(`const s = document.querySelector("#src"); s.value = s.options[1].value; s.dispatchEvent(new Event("change"))`)
	b.wait(`location.hash.includes("src=")`)
	b.do("history.back()")
	b.wait(`!location.hash.includes("src=") && ` + allRows + " > 50")
}

func TestChartsLeadToTheirPairs(t *testing.T) {
	b := open(t, scanned(t), circumstances{})
	for _, chart := range []string{"chartRelations", "chartScores", "chartDelays", "chartMatrix"} {
		b.do(`location.hash = "#overview"`)
		b.wait(`!document.querySelector("#overview").hidden && document.querySelector("#chart-` + chart + ` a")`)
		want := ask[string](b, `document.querySelector("#chart-`+chart+` a").getAttribute("aria-label").match(/(\d+)( pairs?)?$/)[1]`)
		b.do(`const a = document.querySelector("#chart-` + chart + ` a"); location.hash = a.getAttribute("href")`)
		b.wait(`!document.querySelector("#pairs").hidden && ` + allRows + " === " + want)
	}
}

func TestSearchFindsTitlesAndTextsWithoutAccents(t *testing.T) {
	b := open(t, scanned(t), circumstances{})
	b.press("/")
	b.wait(`document.activeElement.id === "q"`)
	b.typeIn("depeche")
	b.wait(`!document.querySelector("#pairs").hidden && ` + allRows + " > 0 && " + allRows + ` < 80`)
	b.press(kb.Escape)
	b.wait(`document.querySelector("#q").value === "" && ` + allRows + " === 80")
	b.press("/")
	b.typeIn(`"impots peuvent encore ranimer"`)
	b.wait(allRows + " > 0 && " + allRows + " < 5")
	b.press(kb.Enter)
	b.wait(`document.activeElement.id === "pair-list"`)
	b.press("j", kb.Enter)
	b.wait(`document.querySelector("#pair .passage") && document.activeElement.id === "pair"`)
	if !ask[bool](b, `CSS.highlights.get("found")?.size > 0`) {
		t.Error("what was searched for is not shown")
	}
	b.press("/")
	b.typeIn("qqqqqq")
	b.wait(allRows + ` === 0 && document.querySelector("#pair-found").textContent.includes("No pair fits")`)
}

func TestKeyboardReachesEverything(t *testing.T) {
	b := open(t, scanned(t), circumstances{})
	b.press("2")
	b.wait(`!document.querySelector("#pairs").hidden`)
	b.press("j", "j", "k")
	b.wait(`document.querySelector("#pair-list .row[aria-selected=true]")?.id === "pair-list-0" && document.querySelector("#pair .passage")`)
	b.press("j")
	b.wait(`location.hash.includes("p=")`)
	b.do(`document.querySelector("#pair-list").focus()`)
	b.press(kb.End)
	b.wait(`document.querySelector("#pair-list").getAttribute("aria-activedescendant") === "pair-list-79"`)
	b.press(kb.Home, kb.ArrowDown)
	b.wait(`document.querySelector("#pair-list").getAttribute("aria-activedescendant") === "pair-list-1"`)
	b.press(kb.Enter)
	b.wait(`document.activeElement.id === "pair"`)
	b.wait(`!document.querySelector("#pair").hasAttribute("aria-busy") && document.querySelector("#pair .passage")`)
	b.press("n", "n")
	b.wait(`document.activeElement.matches('.passage[data-n="2"][data-side="0"]')`)
	b.press(kb.Enter)
	b.wait(`document.activeElement.matches('.passage[data-n="2"][data-side="1"]')`)
	if outline := ask[string](b, `getComputedStyle(document.activeElement).outlineStyle`); outline != "solid" {
		t.Errorf("the focus has an outline of %q", outline)
	}
	b.press(kb.Escape)
	b.wait(`document.activeElement.id === "pair-list"`)
	b.press(kb.Escape)
	b.wait(`document.querySelector("#pair .choose")`)
	b.press("?")
	b.wait(`document.querySelector("#keys").open`)
	b.press(kb.Escape)
	b.wait(`!document.querySelector("#keys").open`)
	b.press("3")
	b.wait(`document.querySelector("#group-list .row")`)
	b.press("j", kb.Enter)
	b.wait(`document.querySelector("#group .timeline svg")`)
}

func TestEveryControlHasANameAndARole(t *testing.T) {
	b := open(t, scanned(t), circumstances{hash: "#pairs?p=3"})
	b.wait(`document.querySelector("#pair .passage")`)
	nameless := ask[string](b, `[...document.querySelectorAll("button, input, select, a, [tabindex='0']")].filter((e) => e.offsetParent &&
		!(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.length || e.title)).map((e) => e.outerHTML).join("\n")`)
	if nameless != "" {
		t.Errorf("without a name:\n%s", nameless)
	}
	roles := ask[string](b, `[document.querySelector("#pair-list").role, document.querySelector(".row").role, document.querySelector(".row").getAttribute("aria-setsize"), document.querySelector("#pair-found").role].join()`)
	if roles != "listbox,option,80,status" {
		t.Errorf("roles %q", roles)
	}
}

func TestHoveringLightsBothSides(t *testing.T) {
	b := open(t, scanned(t), circumstances{hash: "#pairs?p=3"})
	b.wait(`document.querySelector("#pair .passage")`)
	at := ask[[]float64](b, `(() => { const r = document.querySelector('#pair .passage[data-n="1"][data-side="0"]').getClientRects()[0]; return [r.x + 30, r.y + r.height / 2] })()`)
	must(t, second(chromedp.Call(b.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: at[0], Y: at[1]})))
	b.wait(`document.querySelectorAll('#pair .passage.active[data-n="1"]').length === 2 && document.querySelectorAll("#pair .passage.active").length === 2`)
	must(t, second(chromedp.Call(b.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: 5, Y: 5})))
	b.wait(`document.querySelectorAll("#pair .passage.active").length === 0`)
}

func TestAlignedPassagesStandInOneRow(t *testing.T) {
	b := open(t, scanned(t), circumstances{hash: "#pairs?p=3&aligned=1"})
	b.wait(`document.querySelector("#pair .aligned .passage")`)
	apart := ask[int](b, `[...document.querySelectorAll('#pair .passage[data-side="0"]')].filter((p) => {
		const q = document.querySelector('#pair .passage[data-side="1"][data-p="' + p.dataset.p + '"]');
		return !q || Math.abs(p.getBoundingClientRect().top - q.getBoundingClientRect().top) > 1;
	}).length`)
	if apart > 0 {
		t.Errorf("%d passages are not level with their other side", apart)
	}
	whole := ask[bool](b, `["0", "1"].every((side) => [...document.querySelectorAll('#pair .passage[data-side="' + side + '"]')].length > 3)`)
	if !whole {
		t.Error("passages are missing")
	}
}

func TestLanguageFollowsTheBrowserAndTheSwitch(t *testing.T) {
	b := open(t, scanned(t), circumstances{language: "fr-CA", hash: "#pairs?p=3"})
	b.wait(`document.documentElement.lang === "fr" && document.querySelector("[data-t=pairs]").textContent === "Paires"`)
	b.wait(`document.querySelector("#pair .verdict")?.textContent.includes("Les deux") || document.querySelector("#pair .verdict")?.textContent.includes("est en")`)
	b.click(`[data-lang="en"]`)
	b.wait(`document.documentElement.lang === "en" && document.querySelector("[data-t=pairs]").textContent === "Pairs" && /English|French/.test(document.querySelector("#pair .verdict").textContent)`)
	b.click(`[data-lang="fr"]`)
	b.wait(`document.querySelector("#rel-translation").textContent.includes("Traduction")`)
	b = open(t, scanned(t), circumstances{language: "de"})
	b.wait(`document.documentElement.lang === "en"`)
}

func TestColoursFollowTheSystemAndTheSwitch(t *testing.T) {
	b := open(t, scanned(t), circumstances{dark: true})
	b.wait(`document.documentElement.dataset.theme === "dark"`)
	b.click("#theme")
	b.wait(`document.documentElement.dataset.theme === "light"`)
	b.click("#theme")
	b.wait(`document.documentElement.dataset.theme === "dark"`)
	b.click("#theme")
	b.wait(`document.documentElement.dataset.theme === "dark"`) // as the system
}

func TestOldBrowsersInflateByHand(t *testing.T) {
	path := scanned(t)
	text := func(script string) string {
		b := open(t, path, circumstances{script: script, hash: "#pairs?p=7"})
		b.wait(`document.querySelector("#pair .passage")`)
		return ask[string](b, `document.querySelector("#pair").textContent + `+rowsShown)
	}
	if own, native := text("delete window.DecompressionStream;"), text(""); own != native {
		t.Errorf("by hand it is %q, not %q", own, native)
	}
}

func TestTenThousandPairsShowFewElements(t *testing.T) {
	path := written(t, crowd{pairs: 10_000, sentences: 12}, pageOptions)
	b := open(t, path, circumstances{hash: "#pairs"})
	b.wait(allRows + " === 10000")
	const elements = `document.querySelectorAll("body *:not(script)").length`
	if n := ask[int](b, elements); n > 1500 {
		t.Errorf("%d elements", n)
	}
	b.do(`document.querySelector("#pair-list").focus()`)
	b.press(kb.End, kb.Enter)
	b.wait(`document.querySelector("#pair .passage") && document.querySelector("#pair-list-9999")`)
	b.press("/")
	b.typeIn(`"pilot boat 4321"`)
	b.wait(allRows + ` === 1 && !document.querySelector("#pair-found").textContent.includes("searching")`)
	b.press(kb.Escape)
	b.do(`location.hash = "#groups?g=0"`)
	b.wait(allRows + ` === 1000 && document.querySelector("#group .timeline svg")`)
	if n := ask[int](b, elements); n > 2000 {
		t.Errorf("%d elements", n)
	}
}

func TestListsOfAnyLengthReachTheirEnd(t *testing.T) {
	const pairs = 70_000 // of 92 pixels each, more than a list is high
	b := open(t, written(t, crowd{pairs: pairs}, pageOptions), circumstances{hash: "#pairs?sort=id"})
	b.wait(fmt.Sprint(allRows, " === ", pairs))
	b.do(`document.querySelector("#pair-list").focus()`)
	b.press(kb.End)
	b.wait(`document.querySelector("#pair-list-69999")`)
	inside := ask[bool](b, `(() => { const r = document.querySelector("#pair-list-69999").getBoundingClientRect(), l = document.querySelector("#pair-list").getBoundingClientRect(); return r.top >= l.top && r.bottom <= l.bottom + 1 })()`)
	if !inside {
		t.Error("the last row is not in sight")
	}
	b.press(kb.ArrowUp, kb.ArrowUp)
	b.wait(`document.querySelector("#pair-list").getAttribute("aria-activedescendant") === "pair-list-69997"`)
}

func TestNarrowScreensShowTheListThenThePair(t *testing.T) {
	b := open(t, scanned(t), circumstances{width: 400, hash: "#pairs"})
	b.wait(rowsShown + " > 0 && !document.querySelector('#pair').offsetParent")
	b.click("#pair-list .row")
	b.wait(`document.querySelector("#pair .passage")?.offsetParent && !document.querySelector("#pair-list").offsetParent`)
	if ask[bool](b, `document.documentElement.scrollWidth > innerWidth`) {
		t.Error("the page is wider than the screen")
	}
	b.click("#pair .back")
	b.wait(`document.querySelector("#pair-list").offsetParent`)
}
