package screens_test

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/matryer/is"
	"github.com/sourcegraph/conc"

	"github.com/ergon-go/ergon/live"
	"github.com/ergon-go/ergon/live/screens/internal/show"
	"github.com/ergon-go/ergon/pipeline"
)

// browser is a real one, without a window, that notes what must not happen.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	faults []string // errors on the console, exceptions, dialogs
	hosts  map[string]bool
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := needs(t, "chromium", "chromium-browser", "google-chrome")
	opts := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(time.Minute)}
	for _, flag := range []string{"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		opts = append(opts, chromedp.Flag(flag, true))
	}
	allocated, free := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), opts...) // it is closed after the test
	ctx, end := chromedp.NewContext(allocated)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits until the browser is gone
		end()
		free()
	})
	b := &browser{t: t, ctx: ctx, hosts: map[string]bool{}}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	command(b, network.Enable, network.EnableParams{})
	command(b, log.Enable, cdp.Empty{})
	command(b, runtime.Enable, cdp.Empty{})
	command(b, page.Enable, page.EnableParams{})
	return b
}

// note notes what must not happen, and whom the page asks for anything.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.faults = append(b.faults, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.faults = append(b.faults, e.Entry.Text+" "+e.Entry.URL)
	case *page.EventJavascriptDialogOpening:
		b.faults = append(b.faults, "dialog: "+e.Message)
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil {
			b.hosts[u.Host] = true
		}
	}
}

func (b *browser) noted() (faults []string, hosts map[string]bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults, b.hosts
}

// command has the browser do something.
func command[P, R any](b *browser, c cdp.Command[P, R], params P) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, c, params); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// get returns what an action returns.
func get[T any](b *browser, action chromedp.Action[T]) T {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, action)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

// text returns what an expression of the page is.
func (b *browser) text(expression string) string {
	b.t.Helper()
	return get(b, chromedp.Evaluate[string]("String("+expression+")"))
}

// is waits until an expression of the page is true.
func (b *browser) is(expression string) {
	b.t.Helper()
	eventually(b.t, expression, func() bool { return b.text(expression) == "true" })
}

// served runs pipelines with their page until the test ends, or end is called, and
// returns its address.
func served(t *testing.T, addr string, pipelines ...pipeline.Pipeline) (at string, end func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	l, err := live.Listen(ctx, addr)
	if err != nil {
		t.Fatal(err)
	}
	var running conc.WaitGroup
	running.Go(func() {
		if err := show.Pipelines(ctx, l, nil, pipelines...); err != nil {
			t.Error(err)
		}
	})
	end = sync.OnceFunc(func() {
		stop()
		running.Wait()
	})
	t.Cleanup(end)
	return l.Addr().String(), end
}

const fetchedFigure = `document.querySelector(".ledger dd").textContent`

// The page shows a run as it goes on, and asks nobody else for anything.
func TestThePageShowsARun(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	b := newBrowser(t)
	at, _ := served(t, "localhost:0", show.Samples()...)
	b.run(chromedp.EmulateViewport(1280, 900), chromedp.Navigate("http://"+at+"/ergon"))
	b.is(`document.querySelector(".node.limits .name")?.textContent === "enrich"`)
	b.is(`document.querySelector("tr.limits th")?.textContent === "▶ enrich"`)
	b.is(`document.querySelector(".alarms .limits")?.textContent.startsWith("▶ limits: enrich")`)
	b.is(`document.title === "▶ enrich – ergon"`)
	is.Equal(b.text(`document.querySelectorAll(".pipeline").length`), "2")
	is.Equal(b.text(`document.querySelectorAll(".pipeline .graph")[0].querySelectorAll(".node").length`), "9")
	before := b.text(fetchedFigure)
	b.is(fetchedFigure + ` !== "` + before + `"`)
	b.is(`document.querySelector(".errors")?.textContent.includes("password=***")`)
	is.True(b.text(`document.body.textContent.includes("hunter2")`) == "false")

	shot := get(b, chromedp.FullScreenshot(100))
	is.Equal(string(shot[1:4]), "PNG")
	picture(t, "live-page.png", func() []byte { return get(b, chromedp.FullScreenshot(100)) })

	faults, hosts := b.noted()
	is.Equal(faults, nil)
	is.Equal(hosts, map[string]bool{at: true})
}

// A keyboard is enough, and holds the picture so that it can be read.
func TestThePageCanBeHeldByTheKeyboard(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	at, _ := served(t, "localhost:0", show.Samples()...)
	b.run(chromedp.Navigate("http://" + at + "/ergon"))
	b.is(`document.querySelector(".ledger") !== null`)
	b.run(chromedp.KeyEvent("\t"), chromedp.KeyEvent(" "))
	b.is(`document.activeElement.id === "hold" && document.activeElement.getAttribute("aria-pressed") === "true"`)
	held := b.text(fetchedFigure)
	b.pictures(3)
	is.New(t).Equal(b.text(fetchedFigure), held)
	b.run(chromedp.KeyEvent(" "))
	b.is(fetchedFigure + ` !== "` + held + `"`)
}

// pictures waits until so many have been sent, to all who look.
func (b *browser) pictures(n int) {
	b.run(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`new Promise(sent => {
		const pictures = new EventSource("/ergon/events");
		let n = 0;
		pictures.onmessage = () => { if (++n === %d) { pictures.close(); sent(true); } };
	})`, n), func(p *runtime.EvaluateParams) { p.AwaitPromise = new(true) }))
}

// A phone shows the same, without scrolling sideways, in the dark too.
func TestThePageFitsAPhone(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	b := newBrowser(t)
	at, _ := served(t, "localhost:0", show.Samples()...)
	b.run(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	b.run(chromedp.Navigate("http://" + at + "/ergon"))
	b.is(`document.querySelector(".node.limits") !== null`)
	is.Equal(b.text(`document.documentElement.scrollWidth <= window.innerWidth`), "true")
	is.Equal(b.text(`getComputedStyle(document.body).backgroundColor`), "rgb(20, 22, 26)")
}

// The page notices that the program has ended, and goes on with the next.
func TestThePageSurvivesARestart(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	at, end := served(t, "localhost:0", show.Samples()...)
	b.run(chromedp.Navigate("http://" + at + "/ergon"))
	b.is(`document.getElementById("link").textContent === "live"`)
	end()
	b.is(`document.getElementById("link").textContent.startsWith("not connected")`)
	served(t, at, show.Samples()...)
	b.is(`document.getElementById("link").textContent === "live"`)
	b.is(`document.querySelector(".node.limits .name")?.textContent === "enrich"`)
}
