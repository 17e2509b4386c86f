package screen

import (
	"context"
	"errors"
	"log/slog"

	"quachot/hardware"
	"quachot/internal/text"
	"quachot/kiosk/station"
)

// Print prints a paper; see [Papers.Print].
func (h Hands) Print(ctx context.Context, what Paper) (string, error) {
	if h.Papers == nil {
		return "", errors.New(text.Load(text.Default).T("print.fault.none"))
	}
	return h.Papers.Print(ctx, what)
}

// PapersOf is a station's queue of papers. Where names the printer as `kiosk
// printers` does; "" is the system's default printer, or a folder in the data
// directory when there is none. In training mode every paper wears its ribbon.
func PapersOf(s *station.Station, where string, words *text.Catalogue, later func(PrintNews), log *slog.Logger) *Papers {
	return NewPapers(PapersConfig{
		Open: func(ctx context.Context) (hardware.OpenedPrinter, error) {
			return hardware.OpenPrinter(ctx, where, s.Dir())
		},
		Words: words, Training: s.Training, Later: later, Log: log,
		Facts: func() PaperFacts { return FactsOf(s) },
	})
}

// FactsOf are what every paper of a station says.
func FactsOf(s *station.Station) PaperFacts {
	settings := s.Lists.Snapshot().Settings()
	return PaperFacts{Province: settings.Province, Post: postName(settings, s.Post()), Training: s.Training}
}
