package publish

import (
	"context"
	"encoding/json"
	"fmt"

	"quachot/internal/wire"
	"quachot/syncserver/store"
)

// Names under which the store keeps lists that are set as a whole, in JSON.
const (
	settingRules  = "rules"
	settingPlaces = "places"
)

// Rules are the rules the office loaded, in their order; ok is false when it
// loaded none, and stations ask the built-in ones.
func Rules(ctx context.Context, s store.Lists) (all []wire.Rule, ok bool, err error) {
	ok, err = whole(ctx, s, settingRules, &all)
	return all, ok, err
}

// SetRules replaces the rules. The caller has compiled them: a station leaves a
// bad one out.
func SetRules(ctx context.Context, s store.Lists, all []wire.Rule) error {
	if all == nil {
		all = []wire.Rule{}
	}
	return setWhole(ctx, s, settingRules, all)
}

// Places are where people are sent, as loaded; none before.
func Places(ctx context.Context, s store.Lists) (all []wire.CarePlace, err error) {
	_, err = whole(ctx, s, settingPlaces, &all)
	return all, err
}

// SetPlaces replaces the places.
func SetPlaces(ctx context.Context, s store.Lists, all []wire.CarePlace) error {
	return setWhole(ctx, s, settingPlaces, all)
}

func whole(ctx context.Context, s store.Lists, name string, into any) (bool, error) {
	text, err := s.Setting(ctx, name)
	if err != nil || text == "" {
		return false, err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return false, fmt.Errorf("read %s: %w", name, err)
	}
	return true, nil
}

func setWhole(ctx context.Context, s store.Lists, name string, list any) error {
	b, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return s.SetSetting(ctx, name, string(b))
}

// whatIsAsked adds the rules and places to the lists, where the office has any:
// without, a station falls back on its own.
func (p *Publisher) whatIsAsked(ctx context.Context, contents map[string]any) error {
	rules, ok, err := Rules(ctx, p.c.Store)
	if err != nil {
		return err
	}
	if ok {
		contents[wire.ListRules] = wire.RuleList{Rules: rules}
	}
	places, err := Places(ctx, p.c.Store)
	if err != nil {
		return err
	}
	if _, published := p.lists[wire.ListPlaces]; published || len(places) > 0 {
		contents[wire.ListPlaces] = wire.PlaceList{Places: places}
	}
	return nil
}
