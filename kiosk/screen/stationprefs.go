package screen

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"quachot/kiosk/station"
)

// prefsFile holds what the officer set for the window, in the data directory.
// Losing it loses nothing but the settings, so it is not written durably.
const prefsFile = "window.json"

var _ PrefsKeeper = Hands{}

// KeepPrefs keeps the settings for the next start.
func (h Hands) KeepPrefs(_ context.Context, p Prefs) error {
	if h.Station == nil {
		return errNoStation
	}
	b, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	path := filepath.Join(h.Station.Dir(), prefsFile)
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("keep the settings: %w", err)
	}
	return nil
}

// ReadPrefs are the settings of the last time, for [Model.Prefer]; zero when
// there are none. An error says that they cannot be read; then they are zero too.
func ReadPrefs(s *station.Station) (p Prefs, err error) {
	b, err := os.ReadFile(filepath.Join(s.Dir(), prefsFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Prefs{}, nil
	case err != nil:
		return Prefs{}, fmt.Errorf("read the window's settings: %w", err)
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return Prefs{}, fmt.Errorf("read the window's settings: %w", err)
	}
	return p, nil
}
