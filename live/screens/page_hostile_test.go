package screens_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/matryer/is"

	"github.com/ergon-go/ergon/live/internal/sample"
)

// Names and errors are text, whatever is in them, and however long they are.
func TestThePageTakesNoNameForMarkup(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	b := newBrowser(t)
	at, _ := served(t, "localhost:0", sample.Odd())
	b.run(chromedp.EmulateViewport(800, 600), chromedp.Navigate("http://"+at+"/ergon"))
	b.is(`document.querySelector(".errors li") !== null`)
	is.Equal(b.text(`document.querySelectorAll("img, b, script:not([src])").length`), "0")
	is.Equal(b.text(`document.documentElement.scrollWidth <= window.innerWidth`), "true")
	shown := b.text(`document.body.textContent`)
	is.True(strings.Contains(shown, "<img src=x onerror=alert(1)>"))
	is.True(strings.Contains(shown, "<b>now</b>"))
	is.True(!strings.Contains(shown, "hunter2") && !strings.ContainsAny(shown, "\x1b\u202e"))
	faults, hosts := b.noted()
	is.Equal(faults, nil)
	is.Equal(hosts, map[string]bool{at: true})
}
