package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// A browser that does not read is given up after a while, so that it holds nothing.
const patience = 10 * time.Second

// events streams pictures, the first at once, until the request ends.
func (v *View) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	ticker := time.NewTicker(drawEvery)
	defer ticker.Stop()
	_, _ = fmt.Fprintf(w, "retry: %d\n\n", drawEvery.Milliseconds())
	for watcher := v.watcher(); ; {
		body, err := json.Marshal(watcher.look())
		if err != nil {
			return
		}
		_ = control.SetWriteDeadline(time.Now().Add(patience)) // where there are none, the server has its own
		if _, err := fmt.Fprintf(w, "data: %s\n\n", body); err != nil || control.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-ticker.C:
		}
	}
}
