package office

import "net/http"

// New makes the pages. It starts nothing: every page and every open stream runs
// on the goroutine of its request and ends with it.
func New(d Deps) http.Handler {
	return http.NotFoundHandler()
}
