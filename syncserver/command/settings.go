package command

import (
	"encoding/json"
	"errors"

	"quachot/syncserver/publish"
)

type settingCmd struct {
	Show settingsShow `cmd:"" help:"All settings, one JSON line each."`
	Set  settingsSet  `cmd:"" help:"Change one setting; the stations get it with their next sync."`
}

type settingsSet struct {
	Key   string `arg:"" help:"province, street, call (texts); stale (three numbers of hours); level (CODE=N: a ward, a province, post:CODE or all; 0 takes it back); idle (minutes)."`
	Value string `arg:"" help:"The new value; '' puts the default back."`
}

func (s settingsSet) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		if err := publish.Set(c.ctx, o.store, s.Key, s.Value); err != nil {
			return err
		}
		return errors.Join(o.lists.Refresh(c.ctx), o.audit(c.ctx, "command", "settings set "+s.Key, s.Value))
	})
}

type settingsShow struct{}

func (settingsShow) Run(c *call) error {
	return c.withExisting(func(o *office) error {
		out := json.NewEncoder(c.stdout)
		for _, name := range publish.SettingNames {
			values, err := publish.Values(c.ctx, o.store, name)
			if err != nil {
				return err
			}
			if len(values) == 0 {
				values = []string{""}
			}
			for _, v := range values {
				line := struct {
					Key   string `json:"key"`
					Value string `json:"value"`
				}{name, v}
				if err := out.Encode(line); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
