package command

import (
	"encoding/json"
	"fmt"

	"quachot/syncserver/proof"
)

type checkCmd struct {
	JSON bool `name:"json" help:"JSON instead of words."`
}

func (k checkCmd) Run(c *call) error {
	return c.withExisting(func(o *office) error {
		report, err := proof.Check(c.ctx, o.store)
		if err != nil {
			return err
		}
		if k.JSON {
			err = json.NewEncoder(c.stdout).Encode(report)
		} else {
			err = tell(c, report)
		}
		if err == nil && !report.OK {
			return exit(exitFindings)
		}
		return err
	})
}

// tell says the report in words.
func tell(c *call, r proof.Report) error {
	for _, s := range r.Stations {
		state := "whole"
		if !s.OK {
			state = "NOT WHOLE"
		}
		fmt.Fprintf(c.stdout, "%s %s: %s, %d records in %d segments, %d pending\n", s.Station, s.Name, state, s.Records, s.Segments, s.Pending)
		for _, p := range s.Problems {
			fmt.Fprintf(c.stdout, "  %s at %s/%d: %s\n", p.What, p.Segment, p.Seq, p.Text)
		}
	}
	return nil
}
