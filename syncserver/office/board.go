package office

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"quachot/internal/text"
)

// feedRows is how many records the board shows; older ones fall off its end.
const feedRows = 60

type boardPage struct {
	page
	Stations stationsView
	Feed     feedView
	Fault    bool // the store could not be read
	Clock    string
}

// stationsView is the upper half of the board, sent whole whenever it changed.
type stationsView struct {
	Rows    []stationRow
	Summary string
	Admin   bool
	Fault   bool // could not be read
}

// feedView is the lower half; Rows are the newest first.
type feedView struct {
	Rows    []recordRow
	Skipped string
	Fault   bool   // could not be read
	last    uint64 // highest N shown
}

func (p *Pages) board(w http.ResponseWriter, r *http.Request) {
	b := boardPage{page: p.page(r, "office.title.board")}
	b.Live = true
	now, t, a := p.deps.Now(), p.texts(r), accountOf(r)
	b.Clock = now.In(hanoi).Format("15:04:05")
	var err1, err2 error
	b.Stations, err1 = p.stationsView(r.Context(), t, a, now)
	b.Feed, err2 = p.feedView(r.Context(), t, now)
	status := http.StatusOK
	for _, err := range []error{err1, err2} {
		if err != nil {
			p.deps.Log.Error("board not read", "error", err)
			b.Fault, status = true, http.StatusServiceUnavailable
		}
	}
	p.render(w, r, status, "board", b)
}

// stationsView leaves revoked stations out: the Stations page has them.
func (p *Pages) stationsView(ctx context.Context, t *text.Catalogue, a Account, now time.Time) (stationsView, error) {
	all, err := p.deps.Stations.Stations(ctx)
	if err != nil {
		return stationsView{Fault: true}, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(s Station) bool { return s.Revoked != "" })
	var connected int
	var waiting uint64
	for _, s := range all {
		waiting += s.Waiting
		if s.Connected {
			connected++
		}
	}
	return stationsView{
		Rows: stationRows(t, all, now), Admin: a.Role.Includes(Admin),
		Summary: t.T("office.board.summary", "connected", strconv.Itoa(connected), "all", strconv.Itoa(len(all)), "waiting", number(t, waiting)),
	}, nil
}

func (p *Pages) feedView(ctx context.Context, t *text.Catalogue, now time.Time) (feedView, error) {
	all, err := p.deps.Records.Recent(ctx, feedRows)
	if err != nil {
		return feedView{Fault: true}, err
	}
	return feedView{Rows: recordRows(t, all, now), last: highest(all)}, nil
}

func highest(all []Record) uint64 {
	var n uint64
	for _, r := range all {
		n = max(n, r.N)
	}
	return n
}
