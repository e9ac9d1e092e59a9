package live

import (
	"embed"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// page is what a browser loads, all of it from here.
//
//go:embed page
var page embed.FS

// files are those of the page, by what stands behind /ergon.
var files = map[string]struct{ name, kind string }{
	"":            {"index.html", "text/html; charset=utf-8"},
	"/style.css":  {"style.css", "text/css; charset=utf-8"},
	"/main.js":    {"main.js", "text/javascript; charset=utf-8"},
	"/graph.js":   {"graph.js", "text/javascript; charset=utf-8"},
	"/layout.js":  {"layout.js", "text/javascript; charset=utf-8"},
	"/panels.js":  {"panels.js", "text/javascript; charset=utf-8"},
	"/figures.js": {"figures.js", "text/javascript; charset=utf-8"},
	"/icon.svg":   {"icon.svg", "image/svg+xml"},
}

// security are the headers of every answer: nothing comes from elsewhere, nothing goes
// elsewhere, and no other page gets at it.
var security = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Cache-Control":                "no-store",
}

// Handler serves the page at /ergon, and below it what it is made of:
//
//   - /ergon/snapshot is the picture of now as JSON;
//   - /ergon/events is a stream of such pictures (server-sent events), one a second;
//   - /ergon/mermaid is the graph of each pipeline with its figures, as Mermaid text.
//
// It answers this machine alone: a request for any other host than localhost or a
// loopback address is refused, also where a name of somebody else's leads here. A
// stream ends with its request: a server that is shut down gracefully has to end the
// contexts of its requests (http.Server.BaseContext), as Serve does.
func (v *View) Handler() http.Handler {
	mux := http.NewServeMux()
	for path, file := range files {
		mux.HandleFunc("GET /ergon"+path, func(w http.ResponseWriter, _ *http.Request) {
			body, err := page.ReadFile("page/" + file.name)
			if err != nil {
				http.Error(w, "live: "+file.name+" is missing", http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Type", file.kind)
			_, _ = w.Write(body) // a browser that is gone is no fault
		})
	}
	mux.Handle("GET /{$}", http.RedirectHandler("/ergon", http.StatusFound))
	mux.Handle("GET /ergon/{$}", http.RedirectHandler("/ergon", http.StatusFound))
	mux.HandleFunc("GET /ergon/snapshot", v.snapshot)
	mux.HandleFunc("GET /ergon/mermaid", v.mermaid)
	mux.HandleFunc("GET /ergon/events", v.events)
	return guarded(mux)
}

// guarded answers requests of this machine, with the headers of security.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range security {
			w.Header().Set(name, value)
		}
		if !loopback(r.Host) {
			http.Error(w, "live: this page is shown to its own machine only, as localhost", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// loopback reports whether a host, with or without a port, is this machine by itself.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.Unmap().IsLoopback()
}

func (v *View) snapshot(w http.ResponseWriter, _ *http.Request) {
	body, err := json.Marshal(v.watcher().look())
	if err != nil {
		http.Error(w, "live: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func (v *View) mermaid(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for i, s := range v.all() {
		if i > 0 {
			_, _ = w.Write([]byte("\n"))
		}
		_, _ = w.Write([]byte("%% " + text(s.graph.Name) + "\n" + s.graph.With(s.pipeline.Snapshot()).Mermaid()))
	}
}
