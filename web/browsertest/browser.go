// Package browsertest drives a real Chromium as a phone, for tests of pages. It needs
// the program chromium (Debian's package of that name), and fonts-noto-cjk for
// pictures of Chinese pages.
package browsertest

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

var pictures = flag.String("pictures", "", "directory to which pictures of the pages are written; none without it")

// The size of the phone, in CSS pixels.
const (
	width, height, density = 390, 844, 2
)

const (
	within = 30 * time.Second // an awaited text or page
	whole  = 3 * time.Minute  // one test
)

var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Phone is one browser with a profile of its own. Its methods fail the test.
type Phone struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // chromedp keeps the browser in it

	mu     sync.Mutex
	faults []string // what scripts and the page's policy complained of
}

// Start starts a browser that asks for pages in a language, such as "zh-CN". The
// test fails at its end if a script or the page's own policy complained.
func Start(t *testing.T, language string) *Phone {
	t.Helper()
	program := ""
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			program = found
			break
		}
	}
	require.NotEmpty(t, program, "tests of pages need Chromium: install one of %s (Debian: chromium and fonts-noto-cjk)", strings.Join(names, ", "))
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(width, height), chromedp.Flag("lang", language), chromedp.Flag("accept-lang", language),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-gl", "angle"), chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), whole)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	p := &Phone{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, p.listen)
	require.NoError(t, chromedp.Run(ctx)) // starts it, for as long as ctx
	p.run(network.Enable(), log.Enable(), runtime.Enable(), network.SetExtraHTTPHeaders(network.Headers{"Accept-Language": language}),
		emulation.SetDeviceMetricsOverride(width, height, density, true))
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		require.Empty(t, p.faults, "the page complained")
	})
	return p
}

func (p *Phone) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError && e.Entry.Source != log.SourceNetwork { // a refusal is a page too
			p.faults = append(p.faults, e.Entry.Text)
		}
	}
}

func (p *Phone) run(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, within)
	defer cancel()
	require.NoError(p.t, chromedp.Run(ctx, actions...))
}

// Open goes to an address.
func (p *Phone) Open(url string) { p.t.Helper(); p.run(chromedp.Navigate(url)) }

// Allow lets pages of origin use something, by its name in the Permissions API, or not.
func (p *Phone) Allow(origin, what string, yes bool) {
	p.t.Helper()
	as := browser.PermissionSettingDenied
	if yes {
		as = browser.PermissionSettingGranted
	}
	p.run(browser.SetPermission(&browser.PermissionDescriptor{Name: what}, as).WithOrigin(origin))
}

// At puts the phone somewhere and lets pages of origin know.
func (p *Phone) At(origin string, lat, lng float64) {
	p.t.Helper()
	p.Allow(origin, "geolocation", true)
	p.run(emulation.SetGeolocationOverride().WithLatitude(lat).WithLongitude(lng).WithAccuracy(10))
}

// Push has the page's service worker at path take a message as if it was pushed, and
// gives the titles of the notices that it then shows.
func (p *Phone) Push(path, message string) []string {
	p.t.Helper()
	p.run(awaited(`navigator.serviceWorker.register(`+strconv.Quote(path)+`).then(() => navigator.serviceWorker.ready).then(() => true)`, nil))
	targets, err := chromedp.Targets(p.ctx)
	require.NoError(p.t, err)
	at := slices.IndexFunc(targets, func(i *target.Info) bool { return i.Type == "service_worker" })
	require.GreaterOrEqual(p.t, at, 0, "no service worker runs")
	worker, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(targets[at].TargetID))
	defer cancel()
	var titles []string
	require.NoError(p.t, chromedp.Run(worker, awaited(`(() => {
		const pushed = new PushEvent("push", { data: `+strconv.Quote(message)+` });
		const waits = [];
		Object.defineProperty(pushed, "waitUntil", { value: (work) => waits.push(work) });
		dispatchEvent(pushed);
		return Promise.all(waits).then(() => registration.getNotifications()).then((all) => all.map((n) => n.title));
	})()`, &titles)))
	return titles
}

// awaited runs a script to the end of what it promises.
func awaited(script string, out any) chromedp.Action {
	return chromedp.Evaluate(script, out, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) })
}

// Press presses the button, link or summary that has a text and can be seen.
func (p *Phone) Press(text string) {
	p.t.Helper()
	xpath := `//*[self::button or self::a or self::summary or self::label][contains(normalize-space(.), "` + text + `")]`
	p.run(chromedp.Click(xpath, chromedp.BySearch, chromedp.NodeVisible))
}

// Type types into the field that a CSS selector finds.
func (p *Phone) Type(selector, text string) {
	p.t.Helper()
	p.run(chromedp.SendKeys(selector, text, chromedp.ByQuery, chromedp.NodeVisible))
}

// Text is what can be read on the page.
func (p *Phone) Text() string {
	p.t.Helper()
	var text string
	p.run(chromedp.Evaluate(`document.body.innerText`, &text))
	return text
}

// Await waits until a text can be read, through any number of pages.
func (p *Phone) Await(text string) {
	p.t.Helper()
	poll := time.NewTicker(30 * time.Millisecond)
	defer poll.Stop()
	deadline := time.After(within)
	for {
		var found string
		// While a page gives way to the next there is nothing to ask.
		if err := chromedp.Run(p.ctx, chromedp.Evaluate(`document.readyState === "complete" ? document.body.innerText : ""`, &found)); err == nil && strings.Contains(found, text) {
			return
		}
		select {
		case <-poll.C:
		case <-deadline:
			require.FailNow(p.t, "in vain awaited", "%q in:\n%s", text, found)
		}
	}
}

// Picture keeps a picture of the whole page if -pictures says where.
func (p *Phone) Picture(name string) {
	p.t.Helper()
	if *pictures == "" {
		return
	}
	var png []byte
	p.run(chromedp.FullScreenshot(&png, 100))
	require.NoError(p.t, os.MkdirAll(*pictures, 0o755))
	require.NoError(p.t, os.WriteFile(filepath.Join(*pictures, name+".png"), png, 0o644))
}

// Wide tells whether the page is wider than the phone.
func (p *Phone) Wide() bool {
	p.t.Helper()
	var wide bool
	p.run(chromedp.Evaluate(`document.documentElement.scrollWidth > window.innerWidth`, &wide))
	return wide
}
